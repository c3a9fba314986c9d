//! The form of a profile and a credential of it: what is typed and chosen, and what is wrong with it. Nothing of it
//! counts until it is saved; left, it is kept as it is for the run.

use super::{
    App,
    editor::{Editor, Motion},
    session::looks_secret,
};
use crate::domain::profile_form::{Entry, Field, FormFault, Origin, PRODUCTION, Written};

/// See the module.
#[derive(Debug)]
pub struct Form {
    /// What it is to become.
    pub origin: Origin,
    before: Written,
    /// The fields that are not in hand, and the one that is as it was.
    now: Written,
    /// The row in hand, of those shown.
    pub at: usize,
    /// Its text, where it is typed.
    pub editor: Editor,
    /// What is wrong.
    pub faults: Vec<FormFault>,
    /// Whether it is on its way to the file.
    pub saving: bool,
}

impl Form {
    /// A form with these fields; of a new profile, and of a copy, nothing was there before.
    pub fn new(origin: Origin, shown: Written) -> Self {
        let blank = matches!(origin, Origin::New | Origin::CopyOf(_));
        let before = if blank { Written::default() } else { shown.clone() };
        let mut form =
            Self { origin, before, now: shown, at: 0, editor: Editor::line(""), faults: Vec::new(), saving: false };
        form.take_up();
        form
    }

    /// The fields that are asked for, in their order.
    pub fn fields(&self) -> Vec<Field> {
        let source = self.now.text(Field::Source);
        let names = matches!(source, "env" | "file" | "command" | "keyring");
        let asked = |field: &Field| match field {
            Field::Secret => names,
            field => field.is_of_credential() || !self.origin.is_credential(),
        };
        Field::ALL.into_iter().filter(asked).collect()
    }

    /// The field in hand.
    pub fn field(&self) -> Field {
        let fields = self.fields();
        fields[self.at.min(fields.len() - 1)]
    }

    /// All fields as they are now.
    pub fn written(&self) -> Written {
        let mut now = self.now.clone();
        if self.types() {
            now.set(self.field(), self.editor.text());
        }
        now
    }

    /// What is to be written.
    pub fn entry(&self) -> Entry {
        Entry { origin: self.origin.clone(), before: self.before.clone(), now: self.written() }
    }

    /// Whether it says anything that would be lost.
    pub fn is_changed(&self) -> bool {
        self.written() != self.before
    }

    /// Whether money moves there.
    pub fn is_production(&self) -> bool {
        self.now.text(Field::Place) == PRODUCTION
    }

    /// Whether the field in hand is typed; else it is chosen.
    pub fn types(&self) -> bool {
        self.field().choices().is_empty()
    }

    /// The text field in hand.
    pub fn typed(&mut self) -> Option<&mut Editor> {
        let types = self.types() && !self.saving;
        types.then_some(&mut self.editor)
    }

    /// Goes to a row.
    pub fn go(&mut self, row: usize) {
        self.now = self.written();
        self.at = row.min(self.fields().len() - 1);
        self.take_up();
    }

    /// Goes to a field, where it is asked for.
    pub fn go_to(&mut self, field: Field) {
        if let Some(row) = self.fields().iter().position(|asked| *asked == field) {
            self.go(row);
        }
    }

    fn take_up(&mut self) {
        self.editor = Editor::line(if self.types() { self.now.text(self.field()) } else { "" });
    }

    /// Chooses the next word, or the one before.
    pub fn choose(&mut self, forward: bool) {
        let field = self.field();
        let choices = field.choices();
        let at = choices.iter().position(|word| *word == self.now.text(field)).unwrap_or(0);
        let at = (at + if forward { 1 } else { choices.len() - 1 }) % choices.len().max(1);
        if let Some(word) = choices.get(at).filter(|_| !self.saving) {
            self.now.set(field, *word);
            if field == Field::Source {
                // What one source wants is nothing to another.
                self.now.set(Field::Secret, "");
            }
            self.mended();
        }
    }

    /// The field in hand was changed: what was wrong with it may not be any more.
    pub fn mended(&mut self) {
        let field = self.field();
        let of_secret = |fault: &FormFault| field == Field::Source && fault.field == Some(Field::Secret);
        self.faults.retain(|fault| fault.field.is_some_and(|faulty| faulty != field) && !of_secret(fault));
    }

    /// Shows what is wrong, the first of it in hand.
    pub fn mark(&mut self, faults: Vec<FormFault>) {
        if let Some(field) = faults.iter().find_map(|fault| fault.field) {
            self.go_to(field);
        }
        (self.faults, self.saving) = (faults, false);
    }

    /// What is wrong that can be told here: a profile or a credential that is not whole, or a secret in a place where it
    /// would rest in the clear.
    pub fn own_faults(&self) -> Vec<FormFault> {
        let now = self.written();
        let mut faults = now.faults();
        faults.retain(|fault| fault.field.is_none_or(|field| self.fields().contains(&field)));
        // A client id may be a long mix of letters and digits, an address have one in its path, and neither is a secret.
        let secret = [Field::Secret, Field::Name, Field::Credential].into_iter();
        let secret = secret.filter(|field| looks_secret(now.text(*field)));
        faults.extend(secret.map(|field| {
            let text = "this looks like a secret, and would rest in the clear: write where it comes from";
            FormFault::at(field, text.to_owned())
        }));
        faults
    }
}

impl App {
    /// The form on top, if it is.
    pub(super) fn form_mut(&mut self) -> Option<&mut Form> {
        match &mut self.overlay {
            Some(super::overlay::Overlay::Form(form)) => Some(form),
            _ => None,
        }
    }
}

/// Steps through the rows; to an end, within the text where one is typed.
pub(super) fn step(form: &mut Form, by: isize, far: bool) {
    match form.typed().filter(|_| far) {
        Some(editor) => editor.go(if by < 0 { Motion::LineStart } else { Motion::LineEnd }),
        None => form.go(form.at.saturating_add_signed(by)),
    }
}
