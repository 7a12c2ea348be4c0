// A list of the nearest as a heap: the farthest at its root. `lists` is the kernel's own storage.
struct Entry {
  key: f32,
  index: u32,
}

// What fills a list that is not full yet. Above every key, because inputs are bounded.
const FAR: f32 = 3.4e38;
// Above every key and bound that is not FAR.
const FARTHEST: f32 = 3.3e38;
const NONE = 0xffffffffu;

fn isBefore(a: Entry, b: Entry) -> bool { return a.key < b.key || (a.key == b.key && a.index < b.index); }

// Puts an entry in the place of the farthest.
fn replaceRoot(listAt: u32, length: u32, entry: Entry) {
  var hole = 0u;
  loop {
    var child = 2u * hole + 1u;
    if (child >= length) { break; }
    var larger = lists[listAt + child];
    if (child + 1u < length) {
      let other = lists[listAt + child + 1u];
      if (isBefore(larger, other)) {
        larger = other;
        child++;
      }
    }
    if (!isBefore(entry, larger)) { break; }
    lists[listAt + hole] = larger;
    hole = child;
  }
  lists[listAt + hole] = entry;
}
