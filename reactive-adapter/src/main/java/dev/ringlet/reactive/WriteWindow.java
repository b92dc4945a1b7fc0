package dev.ringlet.reactive;

/**
 * How many elements are on their way to an output, and may be: as many as fit if they are as large
 * as those of the last write. Owner executor only.
 */
final class WriteWindow {
  private final int ahead;
  private final int maxBytes;

  /** Of one element; before the first write it is taken to be all that may be. */
  private long usualBytes;

  /** Elements that were asked for and not written. */
  private long asked;

  WriteWindow(WriteOptions<?> options) {
    this.ahead = options.ahead();
    this.maxBytes = options.maxBytes();
    this.usualBytes = maxBytes;
  }

  /** How many more to ask for now: none before there is room for as many as are on their way. */
  long open() {
    long room = Math.min(ahead, Math.max(1, maxBytes / usualBytes)) - asked;
    if (room <= 0 || room < asked) {
      return 0;
    }
    asked += room;
    return room;
  }

  /** So many elements of so many bytes are being written. */
  void writing(int elements, long bytes) {
    usualBytes = Math.max(1, bytes / elements);
  }

  void written(int elements) {
    asked -= elements;
  }
}
