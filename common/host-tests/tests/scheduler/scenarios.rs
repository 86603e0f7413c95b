//! Runs whose outcome can be told beforehand.
