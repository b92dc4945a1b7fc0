package dev.ringlet.examples.kv;

import java.util.Locale;

/** When a shard's log is made to survive a power loss. */
enum FsyncPolicy {
  /** Before any reply that shows the change. */
  ALWAYS,
  /** Once per second. */
  EVERYSEC,
  /** When the kernel likes, and at a clean stop. */
  NO;

  /** As in options and CONFIG GET. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
