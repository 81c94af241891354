//! Terminal events to messages. What means nothing to us (releases, moves, unknown keys) becomes none.

use crate::console::key::{Code, Key};
use crate::console::model::Size;
use crate::console::msg::Msg;
use crate::console::view::Painted;
use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// What is held down while a click marks.
const MARKS: KeyModifiers = KeyModifiers::SHIFT.union(KeyModifiers::CONTROL).union(KeyModifiers::ALT);
/// Rows a turn of the wheel moves.
const WHEEL_ROWS: isize = 3;

pub(super) fn message(event: Event, painted: &Painted) -> Option<Msg> {
    match event {
        Event::Key(event) if event.kind != KeyEventKind::Release => key(event).map(Msg::Key),
        Event::Key(_) => None,
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(cols, rows) => Some(Msg::Resize(Size { cols, rows })),
        Event::FocusGained => Some(Msg::Focused(true)),
        Event::FocusLost => Some(Msg::Focused(false)),
        Event::Mouse(event) => mouse(event, painted),
    }
}

fn key(event: KeyEvent) -> Option<Key> {
    let is_ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let mut is_shift = event.modifiers.contains(KeyModifiers::SHIFT);
    let code = match event.code {
        // A terminal may report ctrl with either case; a shifted character is already another one.
        KeyCode::Char(c) => {
            is_shift = false;
            Code::Char(if is_ctrl { c.to_ascii_lowercase() } else { c })
        }
        KeyCode::BackTab => {
            is_shift = true;
            Code::Tab
        }
        KeyCode::F(n) => Code::F(n),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    Some(Key { code, is_ctrl, is_alt: event.modifiers.contains(KeyModifiers::ALT), is_shift })
}

fn mouse(event: MouseEvent, painted: &Painted) -> Option<Msg> {
    let target = painted.at(event.column, event.row);
    match event.kind {
        // Terminals that keep shift for their own selection leave the other two.
        MouseEventKind::Down(MouseButton::Left) if event.modifiers.intersects(MARKS) => {
            let is_range = event.modifiers.contains(KeyModifiers::SHIFT);
            target.map(|target| Msg::ClickMark { target, is_range })
        }
        MouseEventKind::Down(MouseButton::Left) => target.map(Msg::Click),
        MouseEventKind::Drag(MouseButton::Left) => Some(Msg::Drag(event.column, event.row)),
        MouseEventKind::Up(MouseButton::Left) => Some(Msg::Drop),
        MouseEventKind::ScrollUp => target.map(|target| Msg::Wheel(target, -WHEEL_ROWS)),
        MouseEventKind::ScrollDown => target.map(|target| Msg::Wheel(target, WHEEL_ROWS)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mouse_becomes_what_the_view_reported() {
        let target = crate::console::msg::Target::Overlay;
        let painted =
            Painted { hits: vec![(ratatui::layout::Rect::new(2, 2, 4, 1), target)], ..Painted::default() };
        let at = |kind, column| {
            let event = MouseEvent { kind, column, row: 2, modifiers: KeyModifiers::NONE };
            message(Event::Mouse(event), &painted)
        };
        assert!(matches!(at(MouseEventKind::Down(MouseButton::Left), 3), Some(Msg::Click(t)) if t == target));
        assert!(at(MouseEventKind::Down(MouseButton::Left), 6).is_none(), "nothing stands there");
        assert!(matches!(at(MouseEventKind::Drag(MouseButton::Left), 9), Some(Msg::Drag(9, 2))));
        assert!(matches!(at(MouseEventKind::Up(MouseButton::Left), 9), Some(Msg::Drop)));
        assert!(matches!(at(MouseEventKind::ScrollUp, 3), Some(Msg::Wheel(_, WHEEL_UP)) if WHEEL_UP < 0));
        assert!(at(MouseEventKind::Moved, 3).is_none());
        for (modifiers, range) in
            [(KeyModifiers::SHIFT, true), (KeyModifiers::CONTROL, false), (KeyModifiers::ALT, false)]
        {
            let event =
                MouseEvent { kind: MouseEventKind::Down(MouseButton::Left), column: 3, row: 2, modifiers };
            let marks = message(Event::Mouse(event), &painted);
            assert!(matches!(marks, Some(Msg::ClickMark { is_range, .. }) if is_range == range));
        }
    }

    const WHEEL_UP: isize = -WHEEL_ROWS;

    #[test]
    fn keys_become_the_names_of_the_table() {
        let cases = [
            (KeyCode::Char('R'), KeyModifiers::SHIFT, "R"),
            (KeyCode::Char('S'), KeyModifiers::CONTROL, "ctrl-s"),
            (KeyCode::BackTab, KeyModifiers::SHIFT, "shift-tab"),
            (KeyCode::Char('1'), KeyModifiers::ALT, "alt-1"),
            (KeyCode::F(2), KeyModifiers::NONE, "f2"),
        ];
        for (code, modifiers, name) in cases {
            let got = message(Event::Key(KeyEvent::new(code, modifiers)), &Painted::default());
            let Some(Msg::Key(key)) = got else { panic!("{name}") };
            assert_eq!(Ok(key), name.parse(), "{name}");
        }
    }
}
