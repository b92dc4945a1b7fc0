package dev.ringlet.scheduler;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Standard input for all NIO drivers of the process. A read of it blocks and cannot be called back,
 * so one thread reads for whoever waits first, and only while somebody waits; what comes when that
 * one has left meanwhile, or has come when it leaves, is kept for the next. Any thread.
 */
final class NioStandardInput {
  static final NioStandardInput PROCESS =
      new NioStandardInput(
          new FileInputStream(FileDescriptor.in), NioStandardOutput.thread("ringlet-stdin"));

  private static final int READ_BYTES = 64 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final InputStream source;
  private final Executor thread;
  private final ArrayDeque<NioStandardRead> waiting = new ArrayDeque<>();

  /** What nobody has taken, in the order in which it came; nobody waits then. */
  private final ArrayDeque<Outcome> kept = new ArrayDeque<>(0);

  private boolean reading;

  /** What a read has brought: bytes, none at the end, or a failure. */
  record Outcome(ByteBuffer bytes, @Nullable Throwable failure) {}

  NioStandardInput(InputStream source, Executor thread) {
    this.source = source;
    this.thread = thread;
  }

  synchronized void take(NioStandardRead read) {
    Outcome ready = kept.poll();
    if (ready != null) {
      read.took(ready);
      return;
    }
    waiting.add(read);
    if (!reading) {
      reading = true;
      thread.execute(this::read);
    }
  }

  /** Takes one out that does not want any more what may have come for it. */
  synchronized void leave(NioStandardRead read) {
    Outcome come = read.giveUp();
    if (come == null) {
      waiting.remove(read);
      return;
    }
    NioStandardRead first = waiting.poll();
    if (first == null) {
      kept.addFirst(come);
    } else {
      first.took(come);
    }
  }

  private void read() {
    Outcome outcome = readOnce();
    synchronized (this) {
      NioStandardRead first = waiting.poll();
      if (first == null) {
        kept.add(outcome);
      } else {
        first.took(outcome);
      }
      reading = !waiting.isEmpty();
      if (reading) {
        thread.execute(this::read);
      }
    }
  }

  private Outcome readOnce() {
    try {
      byte[] bytes = new byte[READ_BYTES];
      int count = Math.max(0, source.read(bytes));
      return new Outcome(ByteBuffer.allocateDirect(count).put(bytes, 0, count).flip(), null);
    } catch (Throwable e) { // an Error too: somebody waits for an outcome
      return new Outcome(NOTHING, e);
    }
  }
}
