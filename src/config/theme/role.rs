//! What a screen is drawn with: roles of text and marks, and the surfaces under them.

/// What a piece of the screen is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the name in the theme files is the description")]
pub enum Role {
    Text,
    Strong,
    Muted,
    Faint,
    LineNumber,
    Disabled,
    Rule,
    Accent,
    Focus,
    RuleFocus,
    KeyHint,
    Ok,
    Attention,
    Alarm,
    Secret,
    BadgeNone,
    BadgeBusy,
    BadgeLive,
    BadgeExpiring,
    BadgeExpired,
    BadgeRefused,
    LifeSpent,
    Production,
    /// The tint of the whole top line in production; under other roles.
    ProductionLine,
    MethodRead,
    MethodWrite,
    JsonKey,
    JsonString,
    JsonNumber,
    JsonLiteral,
    JsonPunct,
    Match,
    MatchCurrent,
    DiffAdd,
    DiffDel,
    Cursor,
    ScrollThumb,
    /// All that lies behind an overlay.
    Behind,
    /// The selected row of the focused pane: a tint under other roles, or what stands for one without colours.
    RowSelect,
}

impl Role {
    /// All of them with their names in a theme file, in the order of the enum.
    pub const NAMES: [(Self, &'static str); 39] = [
        (Self::Text, "text"),
        (Self::Strong, "strong"),
        (Self::Muted, "muted"),
        (Self::Faint, "faint"),
        (Self::LineNumber, "line_number"),
        (Self::Disabled, "disabled"),
        (Self::Rule, "rule"),
        (Self::Accent, "accent"),
        (Self::Focus, "focus"),
        (Self::RuleFocus, "rule_focus"),
        (Self::KeyHint, "key_hint"),
        (Self::Ok, "ok"),
        (Self::Attention, "attention"),
        (Self::Alarm, "alarm"),
        (Self::Secret, "secret"),
        (Self::BadgeNone, "badge_none"),
        (Self::BadgeBusy, "badge_busy"),
        (Self::BadgeLive, "badge_live"),
        (Self::BadgeExpiring, "badge_expiring"),
        (Self::BadgeExpired, "badge_expired"),
        (Self::BadgeRefused, "badge_refused"),
        (Self::LifeSpent, "life_spent"),
        (Self::Production, "production"),
        (Self::ProductionLine, "production_line"),
        (Self::MethodRead, "method_read"),
        (Self::MethodWrite, "method_write"),
        (Self::JsonKey, "json_key"),
        (Self::JsonString, "json_string"),
        (Self::JsonNumber, "json_number"),
        (Self::JsonLiteral, "json_literal"),
        (Self::JsonPunct, "json_punct"),
        (Self::Match, "match"),
        (Self::MatchCurrent, "match_current"),
        (Self::DiffAdd, "diff_add"),
        (Self::DiffDel, "diff_del"),
        (Self::Cursor, "cursor"),
        (Self::ScrollThumb, "scroll_thumb"),
        (Self::Behind, "behind"),
        (Self::RowSelect, "row_select"),
    ];
}

/// What lies under text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Surface {
    /// The screen itself.
    Background,
    /// Overlays, completions, the tour.
    Raised,
    /// The selected row of the focused pane.
    Select,
    /// A field being edited.
    Field,
}

impl Surface {
    /// All of them with their names in a theme file, in the order of the enum.
    pub const NAMES: [(Self, &'static str); 4] =
        [(Self::Background, "background"), (Self::Raised, "raised"), (Self::Select, "select"), (Self::Field, "field")];
}
