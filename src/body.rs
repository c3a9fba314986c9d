//! The room `body`.
