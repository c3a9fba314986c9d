//! Every pane, and every tab of one, empty, as usual, with more than it has room for, and when something went wrong: at
//! three sizes, each cut out of the screen.

use authscope::{
    app::{composer, focus::Pane, layout, response},
    domain::profile::Profile,
};
use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    pictures::{self, SIZES, Story},
    stories::{self as told, crowded, secretless},
};
use crate::stage::{self, Stage};

/// A pane, or a tab of one.
#[derive(Clone, Copy, PartialEq)]
pub enum View {
    Whole(Pane),
    Composer(composer::Tab),
    Response(response::Tab),
}
use View::{Composer, Response, Whole};

/// A view in each of its states.
pub struct Row {
    view: View,
    empty: Cell,
    typical: Cell,
    overflowing: Cell,
    error: Cell,
    /// States that are this view's own.
    more: &'static [(&'static str, Story)],
}

/// How a state comes about: with the profile of every stage, or with one of its own.
#[derive(Clone, Copy)]
pub enum Cell {
    By(Story),
    In(fn() -> Profile, Story),
}
use Cell::{By, In};

#[rustfmt::skip] // One line a state reads as the table it is.
pub const MATRIX: &[Row] = &[
    Row {
        view: Whole(Pane::Requests),
        empty: By(told::not_found),
        typical: By(told::nothing),
        overflowing: By(told::many_requests),
        error: By(told::unsendable),
        more: &[("files", told::collection)],
    },
    Row {
        view: Composer(composer::Tab::Body),
        empty: By(told::nothing),
        typical: By(told::with_body),
        overflowing: By(told::long_body),
        error: By(told::broken_body),
        more: &[("token_call", told::token_call), ("completing", told::completing)],
    },
    Row {
        view: Composer(composer::Tab::Headers),
        empty: By(told::nothing),
        typical: By(told::two_headers),
        overflowing: By(told::too_many_headers),
        error: By(told::a_header_without_a_value),
        more: &[("editing", told::a_header_far_down)],
    },
    Row {
        view: Composer(composer::Tab::Params),
        empty: By(told::nothing),
        typical: By(told::two_params),
        overflowing: By(told::too_many_params),
        error: By(told::a_param_without_a_value),
        more: &[],
    },
    Row {
        view: Composer(composer::Tab::Auth),
        empty: By(told::nothing),
        typical: By(told::answered),
        overflowing: In(crowded, told::nothing),
        error: By(told::without_credential),
        more: &[("secretless", told::secret_not_given)],
    },
    Row {
        view: Composer(composer::Tab::Vars),
        empty: By(told::no_variables),
        typical: By(told::two_variables),
        overflowing: By(told::too_many_variables),
        error: By(told::unsendable),
        more: &[],
    },
    Row {
        view: Composer(composer::Tab::Code),
        empty: By(told::nothing),
        typical: By(told::with_body),
        overflowing: By(told::flow_as_code),
        error: By(told::unsendable),
        more: &[("token_call", told::token_call)],
    },
    Row {
        view: Response(response::Tab::Body),
        empty: By(told::nothing),
        typical: By(told::answered),
        overflowing: By(told::long_answer),
        error: By(told::unanswered),
        more: &[
            ("arriving", told::fetching), ("progress", told::arriving), ("progress_unknown", told::arriving_unknown), ("broken", told::broken), ("hostile", told::hostile), ("none", told::bodiless),
            ("refused", told::credentials_refused), ("searched", told::searched),
        ],
    },
    Row {
        view: Response(response::Tab::Headers),
        empty: By(told::bare_token_call),
        typical: By(told::answered),
        overflowing: By(told::many_headers),
        error: By(told::refused),
        more: &[],
    },
    Row {
        view: Response(response::Tab::Cookies),
        empty: By(told::empty_cookie),
        typical: By(told::two_cookies),
        overflowing: By(told::too_many_cookies),
        error: By(told::no_cookie),
        more: &[],
    },
    Row {
        view: Response(response::Tab::Tls),
        empty: By(told::barely_encrypted),
        typical: By(told::well_encrypted),
        overflowing: By(told::long_chain),
        error: By(told::certificate_over),
        more: &[],
    },
    Row {
        view: Response(response::Tab::Timing),
        empty: By(told::unanswered),
        typical: By(told::healed),
        overflowing: By(told::sent_on),
        error: By(told::late),
        more: &[],
    },
    Row {
        view: Response(response::Tab::Flow),
        empty: By(told::begun),
        typical: By(told::healed),
        overflowing: By(told::sent_on),
        error: By(told::credentials_refused),
        more: &[("running", told::fetching), ("refused", told::refused)],
    },
    Row {
        view: Response(response::Tab::Attempts),
        empty: By(told::answered),
        typical: By(told::healed),
        overflowing: By(told::sent_on),
        error: By(told::refused),
        more: &[("unanswered", told::unanswered)],
    },
    Row {
        view: Whole(Pane::Token),
        empty: By(told::nothing),
        typical: By(told::healed),
        overflowing: By(told::talkative_token),
        error: By(told::credentials_refused),
        more: &[
            ("expired", told::expired), ("fetching", told::fetching), ("refused", told::refused),
            ("waiting", told::held_back),
        ],
    },
    Row {
        view: Whole(Pane::Credentials),
        empty: By(told::without_credential),
        typical: By(told::nothing),
        overflowing: In(crowded, told::nothing),
        error: In(secretless, told::nothing),
        more: &[("in_a_file", told::kept_in_a_file)],
    },
    Row {
        view: Whole(Pane::Timeline),
        empty: By(told::nothing),
        typical: By(told::healed),
        overflowing: By(told::busy),
        error: By(told::ended_badly),
        more: &[
            ("unfolded", told::unfolded), ("filtered", told::filtered_timeline), ("filtered_away", told::filtered_away),
        ],
    },
];

impl View {
    fn pane(self) -> Pane {
        match self {
            Whole(pane) => pane,
            Composer(_) => Pane::Composer,
            Response(_) => Pane::Response,
        }
    }

    fn tab(self) -> &'static str {
        match self {
            Whole(_) => "",
            Composer(tab) => tab.name(),
            Response(tab) => tab.name(),
        }
    }

    /// Brings it to the front by keys; a field that is being typed in has the focus already.
    fn show(self, stage: &mut Stage) {
        if stage.app.editing.is_none() {
            stage.press(&self.pane().number().to_string());
        }
        let there = |stage: &Stage| match self {
            Whole(_) => true,
            Composer(tab) => stage.app.composer.tab == tab,
            Response(tab) => stage.app.response.tab == tab,
        };
        for _ in 0..8 {
            if !there(stage) {
                stage.press("]");
            }
        }
        assert!(there(stage), "{} is not there", self.tab());
    }
}

impl Row {
    /// Its states, each with how it comes about.
    pub fn states(&self) -> impl Iterator<Item = (&'static str, Cell)> {
        let four = [
            ("empty", self.empty),
            ("typical", self.typical),
            ("overflowing", self.overflowing),
            ("error", self.error),
        ];
        four.into_iter().chain(self.more.iter().map(|(state, story)| (*state, By(*story))))
    }

    /// The name of its picture in a state, the size left out.
    pub fn name(&self, state: &str) -> String {
        let words = [self.view.pane().title(), self.view.tab(), state];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_lowercase()
    }
}

/// The rows of a pane, blanks below the last one left out.
pub fn cut_out(stage: &mut Stage, pane: Pane) -> String {
    let area = layout::areas(&stage.app).pane(pane).expect("it is on screen").area;
    let screen = stage.buffer();
    let mut part = Buffer::empty(Rect::new(0, 0, area.width, area.height));
    for (x, y) in (0..area.height).flat_map(|y| (0..area.width).map(move |x| (x, y))) {
        part[(x, y)] = screen[(area.x + x, area.y + y)].clone();
    }
    stage::text(&part).trim_end().to_owned()
}

/// Every story of the table that needs no profile of its own.
pub fn stories() -> impl Iterator<Item = Story> {
    let cells = MATRIX.iter().flat_map(|row| row.states().map(|(_, cell)| cell));
    cells.filter_map(|cell| match cell {
        By(story) => Some(story),
        In(..) => None,
    })
}

/// Takes the pictures of a pane.
fn in_every_state(pane: Pane) {
    for row in MATRIX.iter().filter(|row| row.view.pane() == pane) {
        for (state, cell) in row.states() {
            for size in SIZES {
                let (mut stage, story) = match cell {
                    By(story) => (Stage::new(size.0, size.1), story),
                    In(profile, story) => (Stage::of(profile(), size), story),
                };
                story(&mut stage);
                row.view.show(&mut stage);
                pictures::compared(&pictures::named(&row.name(state), size), &cut_out(&mut stage, pane));
            }
        }
    }
}

#[test]
fn requests_in_every_state() {
    in_every_state(Pane::Requests);
}

#[test]
fn the_composer_in_every_state_of_every_tab() {
    in_every_state(Pane::Composer);
}

#[test]
fn the_response_in_every_state_of_every_tab() {
    in_every_state(Pane::Response);
}

#[test]
fn the_token_in_every_state() {
    in_every_state(Pane::Token);
}

#[test]
fn credentials_in_every_state() {
    in_every_state(Pane::Credentials);
}

#[test]
fn the_timeline_in_every_state() {
    in_every_state(Pane::Timeline);
}

#[test]
fn every_pane_and_every_tab_has_its_row() {
    let composer = composer::Tab::ALL.map(Composer);
    let response = response::Tab::ALL.map(Response);
    let whole = [Pane::Requests, Pane::Token, Pane::Credentials, Pane::Timeline].map(Whole);
    let all = whole.into_iter().chain(composer).chain(response);
    for view in all {
        let rows = MATRIX.iter().filter(|row| row.view == view).count();
        assert_eq!(rows, 1, "{} {}", view.pane().title(), view.tab());
    }
}
