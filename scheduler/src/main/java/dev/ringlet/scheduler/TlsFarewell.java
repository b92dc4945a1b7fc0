package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.StreamSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The polite end of a connection: sends the last words, ends the output, and reads what the peer
 * still sends until it ends its side too. A socket that is closed with something unread, if only a
 * session ticket, resets the connection, and the peer may lose what it has not read yet: the last
 * words and what came before them. A peer that takes its time is not waited for longer than a
 * second. Owner executor only.
 */
final class TlsFarewell extends Timer implements ElementSink<IoBuffer> {
  private static final long LIMIT_NANOS = Duration.ofSeconds(1).toNanos();

  /** Who sends more than that has not understood. */
  private static final int MAX_UNREAD_BYTES = 256 * 1024;

  private final CoreExecutor executor;
  private final StreamSocket inner;
  private final StreamSource<IoBuffer> source;
  private final Runnable after;
  private @Nullable Operation<?> running;
  private @Nullable Subscription<IoBuffer> rest;
  private int unreadBytes;
  private boolean over;

  /** Runs {@code after} when it is over, maybe before {@link #say} returns. */
  TlsFarewell(
      CoreExecutor executor, StreamSocket inner, StreamSource<IoBuffer> source, Runnable after) {
    this.executor = executor;
    this.inner = inner;
    this.source = source;
    this.after = after;
  }

  void say(@Nullable IoBuffer words) {
    executor.schedule(this, LIMIT_NANOS);
    if (words == null) {
      endOutput();
    } else {
      run(CellContext.operation(inner.send(words)), this::endOutput);
    }
  }

  private <T> void run(Operation<T> operation, Runnable next) {
    running = operation;
    operation.then(
        ended -> {
          running = null;
          if (ended.failure() == null) {
            next.run();
          } else {
            finish();
          }
        });
  }

  private void endOutput() {
    if (!over) {
      run(CellContext.operation(inner.shutdownOutput()), this::readRest);
    }
  }

  private void readRest() {
    if (over) {
      return;
    }
    try {
      Subscription<IoBuffer> made = source.subscribe(this);
      rest = made;
      made.request(1);
    } catch (RuntimeException refused) {
      // Somebody else reads what was given away, or the driver is closed.
      finish();
    }
  }

  @Override
  public void element(IoBuffer unread) {
    unreadBytes += unread.readableBytes();
    unread.release();
    if (rest != null && unreadBytes <= MAX_UNREAD_BYTES) {
      rest.request(1);
    } else {
      finish();
    }
  }

  @Override
  public void ended(@Nullable IoException failure) {
    finish();
  }

  @Override
  void fire() {
    finish();
  }

  private void finish() {
    if (over) {
      return;
    }
    over = true;
    executor.cancel(this);
    if (running != null) {
      running.abandon();
    }
    if (rest != null) {
      rest.end();
    }
    after.run();
  }
}
