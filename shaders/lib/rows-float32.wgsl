// Rows stored as they are.
alias Stored = Lane;
fn load(stored: Stored) -> Lane { return stored; }
