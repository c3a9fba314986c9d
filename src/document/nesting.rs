//! Which containers are open, and of what kind each is.

/// Which kind of container each level is; one bit a level, so that a million levels cost 125 kB.
#[derive(Clone, Debug, Default)]
pub(super) struct Nesting {
    objects: Vec<u64>,
    pub(super) depth: usize,
}

impl Nesting {
    pub(super) fn push(&mut self, object: bool) {
        let (word, bit) = (self.depth / 64, self.depth % 64);
        if word == self.objects.len() {
            self.objects.push(0);
        }
        if let Some(word) = self.objects.get_mut(word) {
            *word = (*word & !(1 << bit)) | (u64::from(object) << bit);
        }
        self.depth += 1;
    }

    pub(super) fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(super) fn in_object(&self) -> bool {
        self.depth
            .checked_sub(1)
            .and_then(|top| Some(self.objects.get(top / 64)? >> (top % 64) & 1 == 1))
            .unwrap_or_default()
    }
}
