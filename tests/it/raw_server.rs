//! A server of bytes: what it says, when it is silent and when it hangs up is up to the test. HTTP is for the client.

use std::{
    future::Future,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
};
use url::Url;

/// Serves every connection by the same closure until it is dropped.
pub struct RawServer {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

/// What came so far.
#[derive(Default)]
struct Seen {
    connections: usize,
    closed_by_client: usize,
    requests: Vec<Request>,
}

/// A request whose head arrived whole, and as much of its body as was read.
#[derive(Clone, Debug)]
pub struct Request {
    pub head: String,
}

impl Request {
    /// The method and the target.
    pub fn line(&self) -> &str {
        self.head.split(" HTTP/1.1\r\n").next().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        fields.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn body_length(&self) -> usize {
        self.header("content-length").map_or(0, |length| length.parse().unwrap())
    }
}

/// One accepted connection.
pub struct Line {
    /// From 1.
    pub number: usize,
    stream: TcpStream,
    ahead: Vec<u8>,
    seen: Arc<Mutex<Seen>>,
}

impl RawServer {
    pub fn new<F: Future<Output = ()> + Send + 'static>(serve: impl Fn(Line) -> F + Send + Sync + 'static) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // Little may be on its way that nobody has read: a test that counts bytes knows where they are.
        socket.set_recv_buffer_size(256 << 10).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1024).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let task = tokio::spawn({
            let seen = seen.clone();
            async move {
                loop {
                    let Ok((stream, _)) = listener.accept().await else { return };
                    stream.set_nodelay(true).unwrap();
                    let number = {
                        let mut seen = seen.lock().unwrap();
                        seen.connections += 1;
                        seen.connections
                    };
                    tokio::spawn(serve(Line { number, stream, ahead: Vec::new(), seen: seen.clone() }));
                }
            }
        });
        Self { port, seen, task }
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    pub fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    /// How often a client closed before the server did, as far as a script waited for it.
    pub fn closed_by_client(&self) -> usize {
        self.seen.lock().unwrap().closed_by_client
    }

    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().requests.clone()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Line {
    /// The head of the next request, its body not read; `None` when the client has closed.
    pub async fn head(&mut self) -> Option<Request> {
        loop {
            if let Some(end) = self.ahead.windows(4).position(|window| window == b"\r\n\r\n") {
                let rest = self.ahead.split_off(end + 4);
                let head = String::from_utf8(std::mem::replace(&mut self.ahead, rest)).unwrap();
                let request = Request { head };
                self.seen.lock().unwrap().requests.push(request.clone());
                return Some(request);
            }
            self.read().await?;
        }
    }

    /// The first line of the next request and whatever came with it; the rest is not waited for.
    pub async fn start(&mut self) -> Option<()> {
        while !self.ahead.windows(2).any(|window| window == b"\r\n") {
            self.read().await?;
        }
        let text = String::from_utf8_lossy(&self.ahead).into_owned();
        self.seen.lock().unwrap().requests.push(Request { head: text });
        Some(())
    }

    /// The next bytes of a body.
    pub async fn body(&mut self, count: usize) -> Option<Vec<u8>> {
        while self.ahead.len() < count {
            self.read().await?;
        }
        let rest = self.ahead.split_off(count);
        Some(std::mem::replace(&mut self.ahead, rest))
    }

    /// The next request with its body.
    pub async fn request(&mut self) -> Option<(Request, Vec<u8>)> {
        let request = self.head().await?;
        let body = self.body(request.body_length()).await?;
        Some((request, body))
    }

    /// Reads on; `None` at the end, however it comes.
    async fn read(&mut self) -> Option<()> {
        self.ahead.reserve(64 << 10);
        (self.stream.read_buf(&mut self.ahead).await.ok()? > 0).then_some(())
    }

    /// Writes bytes; a client that is gone does not matter.
    pub async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
        let _ = self.stream.flush().await;
    }

    /// A whole answer of that status line and body.
    pub async fn answer(&mut self, status: &str, body: &str) {
        self.say(answer(status, "", body)).await;
    }

    /// Waits until the client closes, and counts it.
    pub async fn gone(&mut self) {
        while self.read().await.is_some() {
            self.ahead.clear();
        }
        self.seen.lock().unwrap().closed_by_client += 1;
    }

    /// Ends the connection by a reset.
    pub fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }
}

/// The bytes of a JSON answer; `fields` are whole header lines.
pub fn answer(status: &str, fields: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{fields}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}
