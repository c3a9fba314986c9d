//! The room `library`.
