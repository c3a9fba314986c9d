//! Where everything stands, from the size of the screen and what has the focus alone.
//!
//! ```text
//!  ≥ 160 columns   Requests      │ Composer │ Response │ Token
//!                  Credentials   │          │          │            Timeline below
//!  ≥ 120           Requests      │ Composer            │ Token
//!                  Credentials   │ Response            │            Timeline below
//!  ≥ 100           Requests      │ Composer
//!                  Token or Cred.│ Response                         Timeline below
//!  ≥ 60            a strip of the names; the request's line, one pane, the newest call
//!  else            one pane
//! ```
//!
//! Column 0 and the last one stay free; columns stand three blanks apart; a blank row stands above each heading.

use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr;

use super::{App, EditTarget, composer::Tab, focus::Pane};

/// Blanks between two columns.
const GAP: u16 = 3;

/// Where each part stands; what is `None` is not on screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// The top line.
    pub top: Rect,
    /// The life line below it.
    pub life: Option<Rect>,
    /// The strip of the six names.
    pub strip: Option<Rect>,
    /// The hints.
    pub hints: Option<Rect>,
    /// The tour, while it is open.
    pub tour: Option<Rect>,
    /// The panes, in the order of their numbers.
    panes: [Option<Place>; 6],
    /// Whether token and credentials share one place, so that the heading names both.
    pub shared_lower_left: bool,
}

/// Where a pane stands, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its rows and columns.
    pub area: Rect,
    /// Whether it has its heading, or is a single line.
    pub form: Form,
}

/// How much of a pane is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// With its heading.
    Full,
    /// One line without a heading: the request's line, the newest call.
    Line,
}

impl Areas {
    /// Where a pane stands.
    pub fn pane(&self, pane: Pane) -> Option<Place> {
        self.panes[pane as usize]
    }

    fn put(&mut self, pane: Pane, area: Rect) {
        if area.height > 0 && area.width > 0 {
            self.panes[pane as usize] = Some(Place { area, form: Form::Full });
        }
    }

    fn put_line(&mut self, pane: Pane, area: Rect) {
        self.panes[pane as usize] = Some(Place { area, form: Form::Line });
    }
}

/// A border between panes that a person can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// Right of the left column.
    Left,
    /// Left of the right column.
    Right,
    /// Between composer and response, where one stands above the other.
    Middle,
    /// Above the timeline.
    Timeline,
}

/// How far each border was moved from where it stands by itself: to the right and down is more, but for the timeline,
/// which grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Borders {
    left: i16,
    right: i16,
    middle: i16,
    timeline: i16,
}

impl Borders {
    /// Moves a border further.
    pub fn shift(&mut self, border: Border, by: i16) {
        let moved = match border {
            Border::Left => &mut self.left,
            Border::Right => &mut self.right,
            Border::Middle => &mut self.middle,
            Border::Timeline => &mut self.timeline,
        };
        *moved = moved.saturating_add(by).clamp(-FARTHEST, FARTHEST);
    }
}

/// No border is moved farther than this.
const FARTHEST: i16 = 200;

/// A size changed by as much as a border was moved, and kept between two sizes.
fn moved(size: u16, by: i16, least: u16, most: u16) -> u16 {
    size.saturating_add_signed(by).clamp(least.min(most), most)
}

/// Where everything stands now.
pub fn areas(app: &App) -> Areas {
    let (width, height) = app.size;
    let mut areas = Areas { top: Rect::new(0, 0, width, height.min(1)), ..Areas::default() };
    if height < 4 || width == 0 {
        return areas;
    }
    areas.hints = Some(Rect::new(0, height - 1, width, 1));
    if height >= 10 {
        areas.life = Some(Rect::new(0, 1, width, 1));
    }
    areas.tour = tour(app);
    // What is left beside the tour, or above it.
    let (width, height) = match areas.tour {
        Some(place) if place.x > 0 && app.zoomed => (place.x - 1, height),
        Some(place) if place.x == 0 => (width, height - place.height),
        _ => (width, height),
    };
    let single = width < 60 || height < 16;
    let columns = width >= 100 && height >= 24 || areas.tour.is_some_and(|place| place.x > 0);
    if single {
        let top = if height >= 10 { 2 } else { 1 };
        areas.put(app.focus, Rect::new(1, top, width.saturating_sub(2), height.saturating_sub(top + 1)));
    } else if app.zoomed {
        let below = if columns { 3 } else { 2 };
        areas.put(app.focus, Rect::new(1, 3, width - 2, height - 3 - below));
        areas.strip = (!columns && app.viewing.is_none()).then(|| Rect::new(0, 2, width, 1));
    } else if columns {
        of_columns(app, &mut areas, height);
    } else {
        of_strip(app, &mut areas, height);
    }
    areas
}

/// Rows of the tour where it is a strip, and from which rows and columns on it is a column.
const TOUR_STRIP: u16 = 8;
const TOUR_COLUMN: (u16, u16) = (120, 24);

/// Where the tour stands: in the right column, or above the last line. Nowhere on a screen that has room for little else.
fn tour(app: &App) -> Option<Rect> {
    app.tour.walk().filter(|_| app.viewing.is_none())?;
    let (width, height) = app.size;
    if width >= TOUR_COLUMN.0 && height >= TOUR_COLUMN.1 {
        let right = right_column(app);
        let end =
            if app.zoomed || height < 36 { height - 1 - u16::from(height >= 36) } else { timeline(app, height) - 1 };
        return Some(Rect::new(width - 1 - right, 3, right, end - 3));
    }
    let rows = (height / 3).min(TOUR_STRIP);
    (rows >= 3).then(|| Rect::new(0, height - 1 - rows, width, rows))
}

/// Columns of the right column; none where there is none.
fn right_column(app: &App) -> u16 {
    let width = app.size.0;
    let right = match width {
        160.. => 38,
        120.. => 30,
        _ => return 0,
    };
    moved(right, app.borders.right, 24, width / 3)
}

/// The row at which the timeline begins, in so many rows of the screen.
fn timeline(app: &App, height: u16) -> u16 {
    let (calls, blank) = match height {
        48.. => (12, 1),
        36.. => (6, 1),
        _ => (4, 0),
    };
    let calls = moved(calls, app.borders.timeline, 1, height - 20);
    height - 1 - blank - 1 - calls
}

/// One pane between a strip of names and the hints.
fn of_strip(app: &App, areas: &mut Areas, height: u16) {
    let width = app.size.0 - 2;
    areas.strip = Some(Rect::new(0, 2, width + 2, 1));
    match app.focus {
        Pane::Response => {
            areas.put_line(Pane::Composer, Rect::new(1, 4, width, 1));
            areas.put(Pane::Response, Rect::new(1, 6, width, height - 10));
            areas.put_line(Pane::Timeline, Rect::new(1, height - 3, width, 1));
        }
        pane => areas.put(pane, Rect::new(1, 4, width, height - 6)),
    }
}

/// The six panes in two, three or four columns.
fn of_columns(app: &App, areas: &mut Areas, height: u16) {
    let width = app.size.0;
    let timeline = timeline(app, height);
    let beside = areas.tour.filter(|place| place.x > 0);
    let right = right_column(app);
    // A tour that goes down to the last line leaves the timeline what is beside it.
    let end = beside.filter(|place| place.bottom() > timeline).map_or(width - 1, |place| place.x - GAP);
    let blank = u16::from(height >= 36);
    areas.put(Pane::Timeline, Rect::new(1, timeline, end - 1, height - 1 - blank - timeline));
    let mid = timeline - 1 - 3;
    let left = match width {
        160.. => 34,
        120.. => 26,
        _ => 28,
    };
    let left = if app.sidebar { moved(left, app.borders.left, 16, width / 3) } else { 0 };
    let from = if left > 0 { 1 + left + GAP } else { 1 };
    let to = if right > 0 { width - 1 - right - GAP } else { width - 1 };
    let (composer, response) = if width >= 160 {
        let each = (to - from - GAP) / 2;
        (Rect::new(from, 3, each, mid), Rect::new(from + each + GAP, 3, to - from - each - GAP, mid))
    } else {
        let most = if height < 36 { 8 } else { u16::MAX };
        let upper = (mid * 45 / 100).clamp(4.min(mid), most);
        let upper = moved(upper, app.borders.middle, 4, mid.saturating_sub(6).max(4));
        let lower = mid.saturating_sub(upper + 1);
        (Rect::new(from, 3, to - from, upper), Rect::new(from, 3 + upper + 1, to - from, lower))
    };
    areas.put(Pane::Composer, composer);
    areas.put(Pane::Response, response);
    // The tour has its place then, and token and credentials share the lower left.
    let token = right > 0 && beside.is_none();
    if token {
        areas.put(Pane::Token, Rect::new(width - 1 - right, 3, right, mid));
    }
    if left == 0 {
        return;
    }
    let (lower, wanted) = if token { (Pane::Credentials, 11) } else { (app.lower_left, 9) };
    // The requests keep eight rows, as far as there are any: what stands below gives way first.
    let lower_rows = if mid >= 36 - 16 { wanted } else { wanted.min(mid.saturating_sub(9)) };
    let lower_rows = if lower_rows < 4 { 0 } else { lower_rows };
    let upper = mid - if lower_rows > 0 { lower_rows + 1 } else { 0 };
    areas.put(Pane::Requests, Rect::new(1, 3, left, upper));
    areas.put(lower, Rect::new(1, 3 + upper + 1, left, lower_rows));
    areas.shared_lower_left = !token;
}

/// The names of the panes in a strip: each with its first column and the columns it has. Where not all have room, the
/// others are told by their number alone.
pub fn names(app: &App) -> [(Pane, u16, u16); 6] {
    // The number, and a blank and the title behind it.
    let whole = |pane: Pane| 2 + u16::try_from(pane.title().len()).unwrap_or(0);
    let all = 1 + Pane::ALL.into_iter().map(|pane| whole(pane) + GAP).sum::<u16>() - GAP;
    let mut x = 1;
    Pane::ALL.map(|pane| {
        let columns = if all < app.size.0 || pane == app.focus { whole(pane) } else { 1 };
        x += columns + GAP;
        (pane, x - columns - GAP, columns)
    })
}

/// The first row of the timeline that is shown: the last rows, unless the cursor stands above them.
pub fn timeline_top(app: &App) -> usize {
    app.timeline.count().saturating_sub(page(app, Pane::Timeline)).min(app.timeline.row())
}

/// Rows of the response pane above its text.
pub fn response_above(app: &App) -> usize {
    let in_strip = areas(app).strip.is_some() && !app.zoomed;
    // A file has no status.
    if in_strip || app.viewing.is_some() { 2 } else { 1 + RESPONSE_ABOVE }
}

/// Columns of text in the response pane, between its edge and the thumb.
pub fn response_text(app: &App) -> usize {
    areas(app).pane(Pane::Response).map_or(0, |place| usize::from(place.area.width.saturating_sub(3)))
}

/// Rows of the composer above its text: its heading, method and address, and a blank; the request's name too where
/// there is a strip.
pub fn composer_above(app: &App) -> u16 {
    let in_strip = areas(app).strip.is_some() && !app.zoomed;
    if in_strip { 4 } else { 3 }
}

/// Rows of the tab of code above it: the language and the kind, and a blank.
pub const ABOVE_CODE: usize = 2;

/// Columns of a name before its value in the rows of the composer: as many as the longest has, within bounds.
pub fn name_columns(app: &App) -> u16 {
    let draft = &app.requests.entry().draft;
    let own = app.composer.tab.rows(draft).unwrap_or_default();
    let inherited = app.inherited().filter(|_| app.composer.tab == Tab::Vars);
    let widest = own.iter().map(|row| row.name.as_str()).chain(inherited).map(UnicodeWidthStr::width).max();
    let width = areas(app).pane(Pane::Composer).map_or(0, |place| place.area.width);
    u16::try_from(widest.unwrap_or(0)).unwrap_or(u16::MAX).clamp(LEAST_NAME, (width * 2 / 5).max(LEAST_NAME))
}

/// The least of them, so that there is room to type one.
const LEAST_NAME: u16 = 16;

/// Columns of text of a body in a composer that stands there.
pub fn body_columns(composer: Rect) -> usize {
    usize::from(composer.width.saturating_sub(4)).max(1)
}

/// What the composer says below its text.
#[derive(Default)]
pub struct ComposerBelow {
    /// What is wrong with the row in hand, a line each.
    pub error: Vec<String>,
    /// Whether a field is edited from which a call is asked about.
    pub asks: bool,
}

impl ComposerBelow {
    /// Rows that it takes, a blank above them where there is room.
    pub fn rows(&self, height: u16) -> u16 {
        let rows = u16::try_from(self.error.len()).unwrap_or(0) + u16::from(self.asks);
        rows + u16::from(rows > 0 && height >= ROOM_BELOW)
    }
}

/// Rows of a composer from which on it has room for a blank and more below its text.
const ROOM_BELOW: u16 = 8;

/// What the composer says below its text: one row of that stays.
pub fn composer_below(app: &App) -> ComposerBelow {
    let Some(Place { area, form: Form::Full }) = areas(app).pane(Pane::Composer) else {
        return ComposerBelow::default();
    };
    let edits = app.editing.as_ref().is_some_and(|editing| matches!(editing.target, EditTarget::Composer(_)));
    let asks = edits && area.height >= ROOM_BELOW && app.asks_first(&app.requests.entry().draft.method);
    let mut error = app.composer_error(usize::from(area.width.saturating_sub(4)));
    error.truncate(usize::from(area.height.saturating_sub(composer_above(app) + 1 + 2 * u16::from(asks))));
    ComposerBelow { error, asks }
}

/// Rows of text that a pane shows below its heading and what stands there always.
pub fn page(app: &App, pane: Pane) -> usize {
    let Some(place) = areas(app).pane(pane) else { return 1 };
    let rows = usize::from(place.area.height);
    let taken = match pane {
        Pane::Response => response_above(app) + RESPONSE_BELOW,
        Pane::Composer => usize::from(composer_above(app) + composer_below(app).rows(place.area.height)),
        Pane::Requests | Pane::Token | Pane::Credentials | Pane::Timeline => 1,
    };
    rows.saturating_sub(taken).max(1)
}

/// Where what lies on top may stand: the screen without the tour.
pub fn sheet_area(app: &App) -> Rect {
    let (width, height) = app.size;
    match tour(app) {
        Some(place) if place.x > 0 => Rect::new(0, 0, place.x - 1, height),
        // The last line is the tour's neighbour and stays free of both.
        Some(place) => Rect::new(0, 0, width, height - place.height),
        None => Rect::new(0, 0, width, height),
    }
}

/// Columns of what lies on top, which has at most so many: below 100 columns it takes them all.
pub fn sheet_columns(app: &App, most: u16) -> u16 {
    let width = sheet_area(app).width;
    if width < 100 { width } else { most.min(width - 4) }
}

/// Columns of its text, between the frame and two blanks at each side.
pub fn sheet_text(app: &App, most: u16) -> usize {
    usize::from(sheet_columns(app, most).saturating_sub(6))
}

/// Rows of its text, between the top lines, the frame and the hints.
pub fn sheet_page(app: &App) -> usize {
    usize::from(sheet_area(app).height.saturating_sub(6))
}

/// Rows of the response pane between its heading and its text: the status line and a blank.
pub const RESPONSE_ABOVE: usize = 2;
/// Rows of the response pane below its text: the path of the line in hand.
pub const RESPONSE_BELOW: usize = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::app;

    fn at(width: u16, height: u16) -> Areas {
        let mut app = app();
        app.size = (width, height);
        areas(&app)
    }

    fn height(areas: &Areas, pane: Pane) -> u16 {
        areas.pane(pane).map_or(0, |place| place.area.height)
    }

    #[test]
    fn at_120_by_40_the_six_panes_stand_as_drawn() {
        let areas = at(120, 40);
        let rows = [
            (Pane::Composer, 12),
            (Pane::Response, 14),
            (Pane::Requests, 15),
            (Pane::Credentials, 11),
            (Pane::Timeline, 7),
            (Pane::Token, 27),
        ];
        for (pane, rows) in rows {
            assert_eq!(height(&areas, pane), rows, "{pane:?}");
        }
        assert_eq!(areas.pane(Pane::Composer).unwrap().area.width, 56);
        assert_eq!(areas.pane(Pane::Token).unwrap().area, Rect::new(89, 3, 30, 27));
    }

    #[test]
    fn at_200_by_60_composer_and_response_stand_side_by_side() {
        let areas = at(200, 60);
        let (composer, response) = (areas.pane(Pane::Composer).unwrap().area, areas.pane(Pane::Response).unwrap().area);
        assert_eq!((composer.width, composer.y), (58, response.y));
        assert_eq!(response.x, composer.right() + GAP);
    }

    #[test]
    fn panes_never_overlap_and_never_leave_the_screen() {
        let mut app = app();
        for width in 0..=220 {
            for height in 0..=70 {
                for focus in Pane::ALL {
                    (app.size, app.focus) = ((width, height), focus);
                    let areas = areas(&app);
                    let screen = Rect::new(0, 0, width, height);
                    let all: Vec<_> = Pane::ALL.iter().filter_map(|pane| Some(areas.pane(*pane)?.area)).collect();
                    for (at, area) in all.iter().enumerate() {
                        assert_eq!(area.intersection(screen), *area, "{width}x{height} {focus:?}");
                        assert!(all[..at].iter().all(|other| !other.intersects(*area)), "{width}x{height} {focus:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_focused_pane_is_on_screen_wherever_there_is_room_for_one() {
        let mut app = app();
        for (width, height) in [(10, 4), (50, 14), (60, 16), (80, 24), (120, 40), (200, 60)] {
            for focus in [Pane::Requests, Pane::Composer, Pane::Response, Pane::Token, Pane::Timeline] {
                (app.size, app.focus) = ((width, height), focus);
                assert!(areas(&app).pane(focus).is_some(), "{width}x{height} {focus:?}");
            }
        }
    }
}
