//! The requests of the page, and what they are answered with.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal};
use crate::formula::Formula;
use crate::lesson::Lesson;
use crate::session::{self, Session};
use crate::settings::Settings;
use crate::{describe, table};

/// The most sessions, and the most lessons, at a time.
const MOST: usize = 16;

/// The state behind the page: the sessions that it trains.
///
/// ```
/// let mut live = nnfs_live::Live::new();
/// let answer = live.answer(br#"{"request":"formula","text":"2x"}"#);
/// assert_eq!(answer, br#"{"text":"2 * x"}"#);
/// ```
#[derive(Default)]
pub struct Live {
    sessions: Handles<Box<dyn Session>>,
    lessons: Handles<Lesson>,
}

/// A request: the interface is described in PROTOCOL.md.
#[derive(Debug, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
enum Request {
    Describe,
    Create {
        #[serde(default)]
        settings: Map<String, Value>,
    },
    Train {
        session: usize,
        epochs: usize,
    },
    Curve {
        session: usize,
    },
    Regions {
        session: usize,
    },
    Units {
        session: usize,
        layer: usize,
    },
    Hinges {
        session: usize,
    },
    Weights {
        session: usize,
        layer: usize,
    },
    Step {
        session: usize,
    },
    Verdict {
        session: usize,
    },
    Predict {
        session: usize,
        x: Value,
    },
    Save {
        session: usize,
    },
    Rust {
        session: usize,
    },
    Check {
        session: usize,
    },
    Lesson {
        #[serde(default)]
        settings: Map<String, Value>,
        learning_rates: Vec<f64>,
        scales: Vec<f64>,
        seeds: usize,
    },
    LessonTrain {
        lesson: usize,
        epochs: usize,
    },
    Formula {
        text: String,
    },
    Table {
        header: Option<bool>,
    },
    Drop {
        session: Option<usize>,
        lesson: Option<usize>,
    },
}

impl Live {
    /// Without a session.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a request: a line of JSON, which a file follows after a newline. The answer has the same
    /// form. An error is an answer too.
    pub fn answer(&mut self, request: &[u8]) -> Vec<u8> {
        let end = request.iter().position(|&byte| byte == b'\n');
        let (line, file) = match end {
            Some(end) => (&request[..end], &request[end + 1..]),
            None => (request, &[][..]),
        };
        let request = serde_json::from_slice(line)
            .map_err(|error| Refusal::new(format!("this is not a request of the page: {error}")));
        let answer = request.and_then(|request| self.respond(request, file));
        answer.unwrap_or_else(|refusal| Answer::of(&refusal)).into_bytes()
    }

    fn respond(&mut self, request: Request, file: &[u8]) -> Result<Answer, Refusal> {
        match request {
            Request::Describe => Ok(Answer::of(&describe::describe())),
            Request::Create { settings } => {
                self.sessions.check_room()?;
                let created = session::create(&Settings::parse(settings)?, file)?;
                let mut answer = created.created();
                answer["session"] = self.sessions.add(created).into();
                Ok(Answer::of(&answer))
            }
            Request::Train { session, epochs } => self.session(session)?.train(epochs),
            Request::Curve { session } => self.session(session)?.curve(),
            Request::Regions { session } => self.session(session)?.regions(),
            Request::Units { session, layer } => self.session(session)?.units(layer),
            Request::Hinges { session } => self.session(session)?.hinges(),
            Request::Weights { session, layer } => self.session(session)?.weights(layer),
            Request::Step { session } => self.session(session)?.step(),
            Request::Verdict { session } => {
                let (kind, text) = self.session(session)?.verdict()?;
                Ok(Answer::of(&json!({ "kind": kind, "text": text })))
            }
            Request::Predict { session, x } => self.session(session)?.predict(x),
            Request::Save { session } => self.session(session)?.save(),
            Request::Rust { session } => {
                Ok(Answer::of(&json!({ "text": self.session(session)?.rust() })))
            }
            Request::Check { session } => self.session(session)?.check(),
            Request::Lesson { settings, learning_rates, scales, seeds } => {
                self.lessons.check_room()?;
                let settings = Settings::parse(settings)?;
                let lesson = Lesson::new(settings, learning_rates, scales, seeds)?;
                let mut answer = lesson.created();
                answer["lesson"] = self.lessons.add(lesson).into();
                Ok(Answer::of(&answer))
            }
            Request::LessonTrain { lesson, epochs } => self.lessons.get(lesson)?.train(epochs),
            Request::Formula { text } => {
                let formula = Formula::parse(&text)?;
                Ok(Answer::of(&json!({ "text": formula.to_string() })))
            }
            Request::Table { header } => table::columns(file, header),
            Request::Drop { session, lesson } => {
                session.into_iter().for_each(|session| self.sessions.remove(session));
                lesson.into_iter().for_each(|lesson| self.lessons.remove(lesson));
                Ok(Answer::of(&json!({})))
            }
        }
    }

    fn session(&mut self, number: usize) -> Result<&mut Box<dyn Session>, Refusal> {
        self.sessions.get(number)
    }
}

/// Things that the page knows by their numbers, from 1.
struct Handles<T> {
    last: usize,
    things: BTreeMap<usize, T>,
}

impl<T> Default for Handles<T> {
    fn default() -> Self {
        Self { last: 0, things: BTreeMap::new() }
    }
}

impl<T> Handles<T> {
    fn check_room(&self) -> Result<(), Refusal> {
        if self.things.len() < MOST {
            return Ok(());
        }
        Err(Refusal::new(format!("{MOST} are open already; drop one before the next")))
    }

    fn add(&mut self, thing: T) -> usize {
        self.last += 1;
        self.things.insert(self.last, thing);
        self.last
    }

    fn get(&mut self, number: usize) -> Result<&mut T, Refusal> {
        let found = self.things.get_mut(&number);
        found.ok_or_else(|| Refusal::new(format!("there is nothing open with the number {number}")))
    }

    fn remove(&mut self, number: usize) {
        self.things.remove(&number);
    }
}
