package dev.ringlet.examples.files;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** How far a copy is; written by the actor, read by who shows it. Any thread. */
class CopyProgress {
  private final AtomicLong size = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong startNanos = new AtomicLong();
  private final AtomicLong writtenNanos = new AtomicLong();
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  void begins(long sizeBytes) {
    startNanos.set(System.nanoTime());
    size.set(sizeBytes);
  }

  void adds(int count) {
    bytes.addAndGet(count);
  }

  /** All is written and durable; what is added from now on was read back. */
  void written() {
    writtenNanos.set(System.nanoTime() - startNanos.get());
    bytes.set(0);
  }

  void ends() {
    done.complete(null);
  }

  /** Does nothing after the end. */
  void fails(Throwable failure) {
    done.completeExceptionally(failure);
  }

  CompletableFuture<Void> done() {
    return done;
  }

  long size() {
    return size.get();
  }

  long bytes() {
    return bytes.get();
  }

  /** Since the copy began. */
  long nanos() {
    return System.nanoTime() - startNanos.get();
  }

  /** How long it took until all was written; 0 before. */
  long writtenNanos() {
    return writtenNanos.get();
  }
}
