//! The first line of a pane: its number, its title, a hairline that is heavy in the focused pane, and at the right edge
//! its tabs or a short count.

use ratatui::style::Modifier;

use super::pen::{Pen, width};
use crate::{
    app::{App, focus::Pane},
    config::theme::{Role, Sign, Signs, ThemeName},
};

/// A tab as a heading shows it: its name, its count where it has one, and whether it is in front.
pub(super) struct HeadingTab {
    pub(super) name: &'static str,
    pub(super) count: Option<usize>,
    pub(super) active: bool,
}

/// Draws number, title and hairline on row `y`, and gives the columns left of the right edge as free.
pub(super) fn titled(pen: &mut Pen<'_>, y: u16, app: &App, pane: Pane, right: &str) {
    let from = name(pen, y, app, pane);
    let end = pen.width().saturating_sub(if right.is_empty() { 0 } else { columns(right) + 1 });
    rule(pen, y, app, pane, from, end);
    if !right.is_empty() {
        pen.right(pen.width(), y, right, Role::Muted);
    }
}

/// The same with tabs at the right edge.
pub(super) fn tabbed(pen: &mut Pen<'_>, y: u16, app: &App, pane: Pane, tabs: &[HeadingTab]) {
    let from = name(pen, y, app, pane);
    with_tabs(pen, y, app, pane, from, tabs);
}

/// The hairline from a column on, and the tabs.
pub(super) fn with_tabs(pen: &mut Pen<'_>, y: u16, app: &App, pane: Pane, from: u16, tabs: &[HeadingTab]) {
    let all = |counted| tabs.iter().map(|tab| (label(tab, counted), tab.active)).collect::<Vec<_>>();
    let at = tabs.iter().position(|tab| tab.active).unwrap_or(0);
    let name = tabs.get(at).map_or("", |tab| tab.name);
    let place = format!("{} of {}", at + 1, tabs.len());
    let room = pen.width().saturating_sub(from + 3);
    let ways = [all(true), all(false), vec![(format!("{name}  {place}"), true)], vec![(place, true)]];
    let labels = ways.into_iter().find(|labels| labels_width(labels) <= room).unwrap_or_default();
    if labels.is_empty() {
        rule(pen, y, app, pane, from, pen.width());
        return;
    }
    // Where a tab in front cannot be underlined alone, it stands in brackets in the blanks around it.
    let brackets = pen.look.theme() == ThemeName::Mono || pen.look.signs() == Signs::Ascii;
    let mut x = pen.width().saturating_sub(labels_width(&labels) + u16::from(brackets));
    rule(pen, y, app, pane, from, x.saturating_sub(1));
    for (label, active) in labels {
        if active {
            let role = if app.focus == pane { Role::Focus } else { Role::Strong };
            if brackets {
                pen.text(x.saturating_sub(1), y, "[", role);
            }
            let style = pen.look.style(role);
            let style = if brackets { style } else { style.add_modifier(Modifier::UNDERLINED) };
            x = pen.styled(x, y, &label, style);
            if brackets {
                pen.text(x, y, "]", role);
            }
        } else {
            x = pen.text(x, y, &label, Role::Muted);
        }
        x += 2;
    }
}

/// Number and title; gives where the hairline may begin.
pub(super) fn name(pen: &mut Pen<'_>, y: u16, app: &App, pane: Pane) -> u16 {
    let focused = app.focus == pane;
    let x = pen.text(0, y, &pane.number().to_string(), if focused { Role::Focus } else { Role::Muted });
    pen.text(x + 1, y, pane.title(), if focused { Role::Focus } else { Role::Strong }) + 1
}

pub(super) fn rule(pen: &mut Pen<'_>, y: u16, app: &App, pane: Pane, from: u16, to: u16) {
    let (sign, role) = if app.focus == pane { (Sign::Pen, Role::RuleFocus) } else { (Sign::Hairline, Role::Rule) };
    pen.line(from, y, to.saturating_sub(from), sign, role);
}

fn label(tab: &HeadingTab, counted: bool) -> String {
    match tab.count.filter(|count| counted && *count > 0) {
        Some(count) => format!("{} {count}", tab.name),
        None => tab.name.to_owned(),
    }
}

fn labels_width(labels: &[(String, bool)]) -> u16 {
    let names: u16 = labels.iter().map(|(label, _)| columns(label)).sum();
    let gaps = u16::try_from(labels.len().saturating_sub(1)).unwrap_or(0) * 2;
    names.saturating_add(gaps)
}

fn columns(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}
