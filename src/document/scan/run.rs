//! The fast way through a body: token by token where the machine would go byte by byte.

use super::{Scanner, State, Structure};
use crate::document::tokens;

impl Scanner {
    /// Goes from token to token as long as each is well formed and whole in the chunk. What is not is left to the
    /// machine, byte by byte, which also knows what is wrong with it. What mostly follows a token is looked for first:
    /// a branch that is guessed right costs nothing.
    pub(super) fn run(&mut self, chunk: &[u8], from: usize, base: u64, into: &mut impl Structure) -> usize {
        use State::{Colon, CommaOrClose, ElementOrClose, End, Key, KeyOrClose, Value};
        let mut i = from;
        let mut state = self.state;
        let mut in_object = self.nesting.in_object();
        while let Some(&byte) = chunk.get(i) {
            let at = base + i as u64;
            if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                if !matches!(state, Colon | CommaOrClose | ElementOrClose | End | Key | KeyOrClose | Value) {
                    break;
                }
                if byte == b'\n' {
                    self.end_line(at);
                }
                i += 1 + tokens::blanks(chunk, i + 1);
                continue;
            }
            match state {
                Key | KeyOrClose if byte == b'"' => {
                    let Some(string) = tokens::string(chunk, i) else { break };
                    into.scalar(at);
                    self.continued += string.continued;
                    i = string.end;
                    state = Colon;
                    if chunk.get(i) == Some(&b':') {
                        i += 1;
                        state = Value;
                    }
                    continue;
                }
                Value | ElementOrClose if byte != b']' => {
                    if matches!(byte, b'{' | b'[') {
                        into.open(at);
                        in_object = byte == b'{';
                        self.nesting.push(in_object);
                        state = if in_object { KeyOrClose } else { ElementOrClose };
                        i += 1;
                        continue;
                    }
                    if byte == b'"' {
                        let Some(string) = tokens::string(chunk, i) else { break };
                        self.continued += string.continued;
                        i = string.end;
                    } else {
                        let Some(end) = tokens::number_or_word(chunk, i) else { break };
                        i = end;
                    }
                    into.scalar(at);
                    state = self.after();
                }
                Colon if byte == b':' => {
                    i += 1;
                    state = Value;
                    continue;
                }
                CommaOrClose if byte == b',' => {}
                CommaOrClose | KeyOrClose | ElementOrClose if byte == if in_object { b'}' } else { b']' } => {
                    self.leave(at, into);
                    in_object = self.nesting.in_object();
                    state = self.after();
                    i += 1;
                }
                _ => break,
            }
            if state == CommaOrClose && chunk.get(i) == Some(&b',') {
                into.comma();
                state = if in_object { Key } else { Value };
                i += 1;
            }
        }
        self.state = state;
        i
    }
}
