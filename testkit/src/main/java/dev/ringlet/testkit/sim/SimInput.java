package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoRequest;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for the input of a handle, and its place in the line for buffers. The
 * simulation's thread.
 */
final class SimInput {
  private final SimDriver driver;
  private final Source source;
  private final ArrayDeque<SimOperation> receives = new ArrayDeque<>();
  private final Runnable granted = this::granted;

  /** Whether it stands in the line for a buffer. */
  private boolean starved;

  /** Deliveries make room for others, which may deliver here. */
  private boolean working;

  /** Where the input comes from. */
  interface Source {
    /** Whether a receive would not wait for the other side. */
    boolean isReadable();

    /** Whether what comes next needs a buffer. */
    boolean needsBuffer(SimOperation receive);

    /** Ends the first receive, or gives it what comes next. */
    void deliver(SimOperation receive, @Nullable IoBuffer buffer);
  }

  SimInput(SimDriver driver, Source source) {
    this.driver = driver;
    this.source = source;
  }

  void add(SimOperation receive) {
    receives.add(receive);
    receive.onCancel(
        () -> {
          remove(receive);
          receive.endCancelled();
        });
    work();
  }

  private void remove(SimOperation receive) {
    receives.remove(receive);
    if (receives.isEmpty() && starved) {
      starved = false;
      driver.receiveBuffers().leave(granted);
    }
  }

  private void granted() {
    starved = false;
    work();
  }

  void work() {
    if (working) {
      return;
    }
    working = true;
    try {
      for (SimOperation first = receives.peek();
          first != null && !starved && source.isReadable();
          first = receives.peek()) {
        deliver(first);
      }
    } finally {
      working = false;
    }
  }

  private void deliver(SimOperation first) {
    if (!source.needsBuffer(first)) {
      source.deliver(first, null);
    } else if (driver.receiveBuffers().hasFree()) {
      source.deliver(first, driver.receiveBuffers().lend());
    } else {
      starved = true;
      driver.receiveBuffers().await(granted);
    }
  }

  /** What a receive has come to: the last of it, unless it is a multishot one that goes on. */
  void received(SimOperation receive, int count, Object payload) {
    boolean multishot = (receive.request.flags & IoRequest.MULTISHOT) != 0;
    if (multishot && !driver.world().faults().endsMultishot(receive)) {
      receive.more(count, payload);
    } else {
      end(receive, count, payload);
    }
  }

  void end(SimOperation receive, int result, @Nullable Object payload) {
    remove(receive);
    receive.end(result, payload);
  }
}
