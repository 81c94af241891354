//! Semantic roles to styles. Views name roles, never colours.
//!
//! A selection is reversed in the terminal's own colours (readable on any scheme) and an explicit pair in exact ones.

use crate::console::look::{Colour, Depth, Ground, Look, OwnColours, Paint};
use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Captions, units, what is not needed now.
    Muted,
    /// A pane's title.
    Title,
    /// A pane's border, and that of the focused one.
    Border,
    BorderFocus,
    /// The selected row, and the one of a pane without focus.
    Selected,
    SelectedAway,
    /// Keys in hints, links, what can be done.
    Accent,
    Ok,
    Warn,
    Danger,
    Pin,
    Held,
    /// The filled part of a gauge, and the rest.
    Gauge,
    GaugeRest,
    /// Text a search or filter matched.
    Match,
    /// A place whose row left.
    Ghost,
    /// A command that cannot run now.
    Disabled,
    /// Popup ground.
    Popup,
    /// The header's ground.
    Header,
}

impl Role {
    /// Every role, for tests and printed themes.
    pub const ALL: [Role; 20] = [
        Role::Text,
        Role::Muted,
        Role::Title,
        Role::Border,
        Role::BorderFocus,
        Role::Selected,
        Role::SelectedAway,
        Role::Accent,
        Role::Ok,
        Role::Warn,
        Role::Danger,
        Role::Pin,
        Role::Held,
        Role::Gauge,
        Role::GaugeRest,
        Role::Match,
        Role::Ghost,
        Role::Disabled,
        Role::Popup,
        Role::Header,
    ];
}

/// Styles for one terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    look: Look,
}

impl Theme {
    #[must_use]
    pub const fn new(look: Look) -> Self {
        Self { look }
    }

    /// The style of `role`.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        match self.look.depth {
            Depth::None => plain(role),
            Depth::Ansi16 => own(role, &self.look, ansi(role, self.look.ground)),
            Depth::Ansi256 => {
                own(role, &self.look, exact(role, self.look.ground, |swatch| Color::Indexed(swatch.1)))
            }
            Depth::True => {
                let rgb = |swatch: Swatch| {
                    let [_, r, g, b] = swatch.0.to_be_bytes();
                    Color::Rgb(r, g, b)
                };
                own(role, &self.look, exact(role, self.look.ground, rgb))
            }
        }
    }
}

/// Puts a person's own colours over the theme's.
fn own(role: Role, look: &Look, style: Style) -> Style {
    if look.own == OwnColours::default() {
        return style;
    }
    let pick = |paint| look.own.get(paint).and_then(|colour| shown(colour, look.depth));
    let (fg, bg) = match role {
        Role::Text | Role::Popup | Role::Title | Role::Header => (pick(Paint::Text), None),
        Role::Muted | Role::Disabled | Role::Ghost => (pick(Paint::Muted), None),
        Role::Border => (pick(Paint::Border), None),
        Role::BorderFocus | Role::Accent | Role::Match => (pick(Paint::Accent), None),
        Role::Selected => (pick(Paint::SelectedText), pick(Paint::SelectedGround)),
        Role::SelectedAway => (None, pick(Paint::AwayGround)),
        Role::Ok | Role::Gauge => (pick(Paint::Ok), None),
        Role::Warn => (pick(Paint::Warn), None),
        Role::Danger => (pick(Paint::Danger), None),
        Role::Pin => (pick(Paint::Pin), None),
        Role::Held => (pick(Paint::Held), None),
        Role::GaugeRest => (pick(Paint::GaugeRest), None),
    };
    let mut style = style;
    // A ground of one's own needs no reversal to be seen; with it the pair would be turned round.
    if bg.is_some() {
        style = style.remove_modifier(Modifier::REVERSED);
        style.add_modifier.remove(Modifier::REVERSED);
    }
    Style { fg: fg.or(style.fg), bg: bg.or(style.bg), ..style }
}

/// A chosen colour on this terminal; exact ones have no counterpart among sixteen that every scheme shows alike.
fn shown(colour: Colour, depth: Depth) -> Option<Color> {
    match (colour, depth) {
        (_, Depth::None) => None,
        (Colour::Index(at), Depth::Ansi16) => (at < 16).then_some(Color::Indexed(at)),
        (Colour::Index(at), _) => Some(Color::Indexed(at)),
        (Colour::Rgb(..), Depth::Ansi16) => None,
        (Colour::Rgb(r, g, b), Depth::Ansi256) => Some(Color::Indexed(nearest(r, g, b))),
        (Colour::Rgb(r, g, b), Depth::True) => Some(Color::Rgb(r, g, b)),
    }
}

/// The nearest of the fixed 240: the cube of six levels, or the ramp of greys.
fn nearest(r: u8, g: u8, b: u8) -> u8 {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let apart = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    let level = |v: u8| (0u8..6).min_by_key(|i| apart(LEVELS[usize::from(*i)], v)).unwrap_or(0);
    let at = |i: u8| LEVELS[usize::from(i)];
    let (cr, cg, cb) = (level(r), level(g), level(b));
    let cube = apart(at(cr), r) + apart(at(cg), g) + apart(at(cb), b);
    let grey = |i: u8| 8 + 10 * i;
    let off = |i: u8| apart(grey(i), r) + apart(grey(i), g) + apart(grey(i), b);
    let ramp = (0u8..24).min_by_key(|i| off(*i)).unwrap_or(0);
    if off(ramp) < cube { 232 + ramp } else { 16 + 36 * cr + 6 * cg + cb }
}

/// Without colour: weight and reversal carry what shapes do not already say.
fn plain(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Selected => style.add_modifier(Modifier::REVERSED),
        Role::SelectedAway | Role::Match => style.add_modifier(Modifier::UNDERLINED),
        Role::Title | Role::Danger | Role::Warn | Role::Accent | Role::BorderFocus | Role::Header => {
            style.add_modifier(Modifier::BOLD)
        }
        Role::Text
        | Role::Muted
        | Role::Border
        | Role::Ok
        | Role::Pin
        | Role::Held
        | Role::Gauge
        | Role::GaugeRest
        | Role::Ghost
        | Role::Disabled
        | Role::Popup => style,
    }
}

/// The terminal's own sixteen: no backgrounds, so any scheme stays readable.
fn ansi(role: Role, ground: Ground) -> Style {
    let style = Style::new();
    let colour = Color::Indexed;
    // Bright black is the only grey of the sixteen; on light schemes plain black text would be too strong.
    let grey = colour(8);
    // Yellow is unreadable on white: light grounds take magenta for warnings.
    let warn = colour(if ground == Ground::Light { 5 } else { 3 });
    match role {
        Role::Text | Role::Popup => style,
        Role::Muted | Role::Border | Role::GaugeRest | Role::Disabled => style.fg(grey),
        Role::Ghost => style.fg(grey).add_modifier(Modifier::ITALIC),
        Role::Title | Role::Header => style.add_modifier(Modifier::BOLD),
        Role::BorderFocus | Role::Accent => style.fg(colour(6)),
        Role::Selected => style.add_modifier(Modifier::REVERSED),
        Role::SelectedAway => style.add_modifier(Modifier::BOLD),
        Role::Ok | Role::Gauge => style.fg(colour(2)),
        Role::Warn => style.fg(warn),
        Role::Danger => style.fg(colour(1)).add_modifier(Modifier::BOLD),
        Role::Pin => style.fg(colour(4)),
        Role::Held => style.fg(colour(5)),
        Role::Match => style.fg(colour(6)).add_modifier(Modifier::UNDERLINED),
    }
}

/// A colour as exact RGB and its nearest of the 256.
#[derive(Clone, Copy)]
struct Swatch(u32, u8);

struct Swatches {
    muted: Swatch,
    border: Swatch,
    accent: Swatch,
    ok: Swatch,
    warn: Swatch,
    danger: Swatch,
    pin: Swatch,
    held: Swatch,
    rest: Swatch,
    selected_fg: Swatch,
    selected_bg: Swatch,
    away_bg: Swatch,
}

const DARK: Swatches = Swatches {
    muted: Swatch(0x8a_8f_98, 245),
    border: Swatch(0x4e_54_5f, 240),
    accent: Swatch(0x6c_b6_d9, 74),
    ok: Swatch(0x87_af_6f, 107),
    warn: Swatch(0xe0_b0_50, 179),
    danger: Swatch(0xff_6b_6b, 203),
    pin: Swatch(0x87_9f_f0, 111),
    held: Swatch(0xc0_8f_e0, 140),
    rest: Swatch(0x44_49_52, 238),
    selected_fg: Swatch(0xff_ff_ff, 231),
    selected_bg: Swatch(0x2f_5d_8a, 24),
    away_bg: Swatch(0x30_34_3c, 236),
};

const LIGHT: Swatches = Swatches {
    muted: Swatch(0x6c_70_78, 242),
    border: Swatch(0xb0_b4_ba, 249),
    accent: Swatch(0x00_5f_87, 24),
    ok: Swatch(0x3a_7a_20, 64),
    warn: Swatch(0x8f_5f_00, 94),
    danger: Swatch(0xc0_10_20, 124),
    pin: Swatch(0x2f_45_c0, 26),
    held: Swatch(0x80_30_b0, 91),
    rest: Swatch(0xd0_d4_da, 252),
    selected_fg: Swatch(0xff_ff_ff, 231),
    selected_bg: Swatch(0x1f_5f_a0, 25),
    away_bg: Swatch(0xe0_e4_ea, 254),
};

fn exact(role: Role, ground: Ground, colour: impl Fn(Swatch) -> Color) -> Style {
    let s = if ground == Ground::Light { &LIGHT } else { &DARK };
    let style = Style::new();
    match role {
        Role::Text | Role::Popup => style,
        Role::Muted | Role::Disabled => style.fg(colour(s.muted)),
        Role::Ghost => style.fg(colour(s.muted)).add_modifier(Modifier::ITALIC),
        Role::Title | Role::Header => style.add_modifier(Modifier::BOLD),
        Role::Border => style.fg(colour(s.border)),
        Role::BorderFocus | Role::Accent => style.fg(colour(s.accent)),
        Role::Selected => style.fg(colour(s.selected_fg)).bg(colour(s.selected_bg)),
        Role::SelectedAway => style.bg(colour(s.away_bg)),
        Role::Ok | Role::Gauge => style.fg(colour(s.ok)),
        Role::Warn => style.fg(colour(s.warn)),
        Role::Danger => style.fg(colour(s.danger)).add_modifier(Modifier::BOLD),
        Role::Pin => style.fg(colour(s.pin)),
        Role::Held => style.fg(colour(s.held)),
        Role::GaugeRest => style.fg(colour(s.rest)),
        Role::Match => style.fg(colour(s.accent)).add_modifier(Modifier::UNDERLINED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(depth: Depth, ground: Ground, role: Role) -> Style {
        Theme::new(Look { depth, ground, ..Look::default() }).style(role)
    }

    #[test]
    fn no_colour_means_no_colour() {
        for role in Role::ALL {
            let style = style(Depth::None, Ground::Dark, role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn a_selection_is_reversed_or_a_pair() {
        for ground in [Ground::Dark, Ground::Light] {
            for depth in [Depth::None, Depth::Ansi16] {
                assert!(style(depth, ground, Role::Selected).add_modifier.contains(Modifier::REVERSED));
            }
            for depth in [Depth::Ansi256, Depth::True] {
                let style = style(depth, ground, Role::Selected);
                assert!(style.fg.is_some() && style.bg.is_some());
            }
        }
    }

    #[test]
    fn own_colours_lie_over_the_theme_as_far_as_the_terminal_shows_them() {
        let mut look = Look { depth: Depth::True, ..Look::default() };
        look.own.set(Paint::Accent, Colour::Rgb(255, 0, 0));
        look.own.set(Paint::SelectedGround, Colour::Index(4));
        let style = |look, role| Theme::new(look).style(role);
        assert_eq!(style(look, Role::Accent).fg, Some(Color::Rgb(255, 0, 0)));
        assert_eq!(style(Look { depth: Depth::Ansi256, ..look }, Role::Accent).fg, Some(Color::Indexed(196)));
        let few = Look { depth: Depth::Ansi16, ..look };
        assert_eq!(style(few, Role::Accent).fg, Some(Color::Indexed(6)), "no exact colour among sixteen");
        let selected = style(few, Role::Selected);
        assert_eq!(selected.bg, Some(Color::Indexed(4)));
        assert!(!selected.add_modifier.contains(Modifier::REVERSED));
        assert_eq!(style(Look { depth: Depth::None, ..look }, Role::Accent).fg, None);
        assert_eq!((nearest(0x8a, 0x8f, 0x98), nearest(255, 255, 255), nearest(0, 0, 0)), (246, 231, 16));
    }

    #[test]
    fn sixteen_colours_never_paint_a_ground() {
        for role in Role::ALL {
            assert_eq!(style(Depth::Ansi16, Ground::Light, role).bg, None, "{role:?}");
        }
    }
}
