//! The mouse: a click puts the focus and the cursor where it points, the wheel scrolls what is under it.

use ratatui::layout::{Position, Rect};

use super::{
    App, EditTarget, Stale, act,
    composer::{Tab as ComposerTab, Target},
    effect::Effect,
    focus::Pane,
    layout::{self, Form},
    overlay,
    response::Tab,
};

/// Rows of one turn of the wheel.
const TURN: isize = 3;

/// A press of the left button.
pub(super) fn clicked(app: &mut App, x: u16, y: u16) -> Vec<Effect> {
    if app.overlay.is_some() {
        return Vec::new();
    }
    let at = Position::new(x, y);
    if let Some(pane) = named_in_strip(app, at) {
        act::focus(app, pane);
        app.touch(Stale::Now);
    } else if let Some((pane, area)) = under(app, at) {
        if point_in_body(app, pane, area, at) {
            return Vec::new();
        }
        // The text of the field in hand is kept.
        act::leave_field(app);
        act::focus(app, pane);
        let row = usize::from(y - area.y);
        point(app, pane, row, x - area.x);
        app.touch(Stale::Now);
    }
    Vec::new()
}

/// Puts the cursor of the body that is being edited where it was clicked; whether it was.
fn point_in_body(app: &mut App, pane: Pane, area: Rect, at: Position) -> bool {
    let above = area.y + layout::composer_above(app);
    let body = EditTarget::Composer(Target::Body);
    let Some(editing) = app.editing.as_mut().filter(|editing| editing.target == body) else { return false };
    let here = pane == Pane::Composer && at.y >= above;
    if here {
        let column = usize::from(at.x.saturating_sub(area.x + 2));
        editing.editor.point(usize::from(at.y - above), column, layout::body_columns(area));
        app.touch(Stale::Now);
    }
    here
}

/// A turn of the wheel, down or up.
pub(super) fn turned(app: &mut App, x: u16, y: u16, down: bool) -> Vec<Effect> {
    let by = if down { TURN } else { -TURN };
    if app.overlay.is_some() {
        overlay::step(app, by);
        app.touch(Stale::Now);
    } else if let Some((pane, _)) = under(app, Position::new(x, y)).filter(|_| app.editing.is_none()) {
        let focus = std::mem::replace(&mut app.focus, pane);
        act::rows::step(app, by);
        app.focus = focus;
        app.touch(Stale::Now);
    }
    Vec::new()
}

/// The pane at a place, and its area.
fn under(app: &App, at: Position) -> Option<(Pane, Rect)> {
    let areas = layout::areas(app);
    Pane::ALL.into_iter().find_map(|pane| {
        let area = areas.pane(pane)?.area;
        area.contains(at).then_some((pane, area))
    })
}

/// The name in the strip at a place.
fn named_in_strip(app: &App, at: Position) -> Option<Pane> {
    let strip = layout::areas(app).strip.filter(|strip| strip.contains(at))?;
    let hit = |(_, x, columns): &(Pane, u16, u16)| (strip.x + x..strip.x + x + columns).contains(&at.x);
    layout::names(app).iter().find(|name| hit(name)).map(|(pane, ..)| *pane)
}

/// Puts the cursor of a pane on a row below its heading.
fn point(app: &mut App, pane: Pane, row: usize, column: u16) {
    let full = layout::areas(app).pane(pane).is_some_and(|place| place.form == Form::Full);
    let Some(below) = row.checked_sub(1).filter(|_| full) else { return };
    match pane {
        Pane::Requests => {
            let row = app.requests.top + below;
            if app.requests.go(row) {
                app.composer.opened(&app.requests.entry().draft);
            }
        }
        Pane::Timeline => {
            let row = layout::timeline_top(app) + below;
            if row < app.timeline.count() {
                app.timeline.go(row);
                act::show_from_timeline(app);
            }
        }
        Pane::Response if app.response.tab == Tab::Body => {
            let first = layout::response_above(app);
            if let Some(line) = row.checked_sub(first)
                && let Some(there) = app.response.places.get(line).copied()
            {
                app.response.point(there);
            }
        }
        Pane::Composer => {
            app.composer.right = column
                >= if row < usize::from(layout::composer_above(app)) { 9 } else { layout::name_columns(app) + 2 };
            app.composer.row = match row.checked_sub(usize::from(layout::composer_above(app))) {
                Some(_) if app.composer.tab == ComposerTab::Body => 1,
                Some(row) => (app.composer.top + row + 1).min(app.composer_rows()),
                None => 0,
            };
        }
        Pane::Response | Pane::Token | Pane::Credentials => {}
    }
}
