//! On a terminal of the command line nothing of a server is obeyed, and a pipe gets all of it as it came.

use tokio::task::spawn_blocking;

use crate::{
    cli::program::Program,
    drawn::{Dice, Heard, only_text, sequences, untouched},
    promises::number,
    raw_server::RawServer,
    stage::Stage,
};

/// A server whose every answer has these sequences in its status line, in its fields and as its body.
fn server(body: Vec<u8>) -> RawServer {
    RawServer::new(move |mut line| {
        let body = body.clone();
        async move {
            while line.head().await.is_some() {
                line.say(b"HTTP/1.1 200 \x9b31mOdd\xc2\x9d0;title\xc2\x9c\r\nx-odd: \xc2\x9b2J\x9b?1049h\r\n").await;
                line.say(b"set-cookie: a=\xe2\x80\xae\xc2\x9b6n; Path=\xc2\x90q\r\n").await;
                line.say(format!("content-type: text/plain\r\ncontent-length: {}\r\n\r\n", body.len())).await;
                line.say(&body).await;
            }
        }
    })
}

fn send(server: &RawServer) -> Program {
    let url = server.url("/x");
    Program::new(&["send", url.as_str(), "-v", "-H", "Authorization: none"]).with("AUTHSCOPE_BASE_URL", url.as_str())
}

#[tokio::test]
async fn two_hundred_thousand_sequences_on_standard_output_are_shown_and_none_is_obeyed() {
    let server = server(sequences(number(35, 1), &mut Dice::new()).concat());
    let program = send(&server);
    let (code, told) = spawn_blocking(move || program.on_terminal("")).await.unwrap();
    assert_eq!(code, 0, "{}", &told[told.len().saturating_sub(2000)..]);
    assert!(told.len() > 1_000_000 && told.contains("^[["), "{}", told.len());
    assert_eq!(told.matches('\r').count(), told.matches("\r\n").count());
    only_text(told.as_bytes(), |_| false);
    let [rows, columns] = [40_u16, 120].map(|count| count.try_into().unwrap());
    let mut parser = vt100::Parser::new_with_callbacks(rows, columns, 0, Heard::default());
    parser.process(told.as_bytes());
    untouched(&parser);
}

#[tokio::test]
async fn an_error_that_a_server_caused_steers_no_terminal_either() {
    for said in [
        &b"HTTP/1.1 \x1b]0;title\x07 odd\r\n\r\n"[..],
        b"HTTP/1.1 200 OK\r\n\x1b[2J: x\r\n\r\n",
        b"\x1bc\x9b2J\r\n\r\n",
    ] {
        let server = RawServer::new(move |mut line| async move {
            line.head().await;
            line.say(said).await;
        });
        let program = send(&server);
        let (code, told) = spawn_blocking(move || program.on_terminal("")).await.unwrap();
        assert_eq!(code, 6, "{told}");
        only_text(told.as_bytes(), |_| false);
    }
}

#[tokio::test]
async fn what_is_copied_and_what_goes_to_a_pipe_is_as_it_came() {
    let body = sequences(2000, &mut Dice::new()).concat();
    let server = server(body.clone());
    let program = send(&server);
    let run = spawn_blocking(move || program.run()).await.unwrap();
    assert!(run.output == body, "{}", run.notes);

    let text = String::from_utf8_lossy(&body).into_owned();
    let mut stage = Stage::new(120, 40);
    let order = stage.send();
    stage.answered(&order, 200, &text);
    let effects = stage.press("3 y b");
    let copied = effects.into_iter().find_map(|effect| match effect {
        authscope::app::effect::Effect::Copy { text, .. } => Some(text),
        _ => None,
    });
    assert!(copied.as_deref() == Some(text.as_str()));
}
