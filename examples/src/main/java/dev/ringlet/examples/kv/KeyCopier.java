package dev.ringlet.examples.kv;

/**
 * Makes a series of changes of a key space that changes: all of them together, made from nothing,
 * give the keys as they are when the last one is made. <b>Thread:</b> the shard's.
 *
 * <p>It goes over the slots a page at a time; what is changed meanwhile stands between the pages,
 * where it happened.
 */
final class KeyCopier {
  /** Bounds of a page: how many keys, in steps of how many, and about how many bytes. */
  static final int PAGE_KEYS = 128;

  private static final int STEP_KEYS = 16;
  private static final long PAGE_BYTES = 256 << 10;

  private final KeySpace keys;
  private final MutationSink log;
  private ChangeList changes = new ChangeList();
  private long position;

  /**
   * Begins.
   *
   * @param keys from now on its changes come here, too
   * @param log gets the changes as before
   */
  KeyCopier(KeySpace keys, MutationSink log) {
    this.keys = keys;
    this.log = log;
    journal();
  }

  private void journal() {
    keys.journalTo(new TeeSink(log, changes));
  }

  /** Whether all pages are in the changes. */
  boolean isComplete() {
    return position == KeySpace.SCAN_END;
  }

  /** What was not taken yet: changes, and pages where they were added. */
  ChangeList changes() {
    return changes;
  }

  /** Adds the next page behind the changes so far, in a bounded step. */
  void addPage(long nowMillis) {
    ChangeList page = changes;
    long limit = page.bytes() + PAGE_BYTES;
    for (int seen = 0; seen < PAGE_KEYS && page.bytes() < limit; seen += STEP_KEYS) {
      if (isComplete()) {
        return;
      }
      position =
          keys.scan(
              position,
              STEP_KEYS,
              nowMillis,
              entry -> page.set(entry.key, entry.value, entry.length, entry.expireAt));
    }
  }

  /** Gives the changes so far away. */
  ChangeList take() {
    ChangeList taken = changes;
    changes = new ChangeList();
    journal();
    return taken;
  }

  /** Ends: changes go to the log only. */
  void stop() {
    keys.journalTo(log);
  }
}
