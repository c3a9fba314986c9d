//! Questions for a secret, asked by whoever reads it and answered on the screen.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt as _;
use tokio::sync::{mpsc::UnboundedSender, oneshot};

use crate::{app::message::Message, domain::secret::Secret, secrets::Ask};

/// The questions that wait for an answer; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Questions(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    asked: u64,
    answers: HashMap<u64, oneshot::Sender<io::Result<Secret>>>,
}

impl Questions {
    /// A way to ask, by messages to the state.
    pub(super) fn ask(&self, messages: UnboundedSender<Message>) -> Ask {
        let questions = self.clone();
        Arc::new(move |text| {
            let (give, given) = oneshot::channel();
            let id = {
                let mut waiting = questions.waiting();
                waiting.asked += 1;
                let id = waiting.asked;
                waiting.answers.insert(id, give);
                id
            };
            let question = Open { id, questions: questions.clone(), messages: messages.clone() };
            let asked = messages.send(Message::Asked(id, text));
            async move {
                let _question = question;
                let gone = |()| io::Error::other("the explorer ends");
                asked.map_err(|_| gone(()))?;
                given.await.map_err(|_| gone(()))?
            }
            .boxed()
        })
    }

    /// A person answered, or did not want to.
    pub(super) fn answer(&self, id: u64, secret: Option<Secret>) {
        let waiting = self.waiting().answers.remove(&id);
        let answer = secret.ok_or_else(|| io::ErrorKind::Interrupted.into());
        if let Some(waiting) = waiting {
            let _ = waiting.send(answer);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question that somebody waits for; dropped, it is taken back.
struct Open {
    id: u64,
    questions: Questions,
    messages: UnboundedSender<Message>,
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.questions.waiting().answers.remove(&self.id).is_some() {
            let _ = self.messages.send(Message::Unasked(self.id));
        }
    }
}
