package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Receives with a multishot request, arms it again where it ended without the stream's end, and
 * gives each buffer back at once, or keeps a number of them.
 */
final class Receiver {
  final Bytes bytes = new Bytes();
  final Deque<IoBuffer> kept = new ArrayDeque<>();
  private final DriverRig rig;
  private final TestRequest request;
  private int keep;
  private boolean stopped;
  private boolean ended;

  Receiver(DriverRig rig, IoHandle socket) {
    this(rig, socket, 0);
  }

  Receiver(DriverRig rig, IoHandle socket, int keep) {
    this.rig = rig;
    this.keep = keep;
    request = TestRequest.receive(socket).multishot();
    request.onCompletion(this::received);
    rig.submit(request);
  }

  private void received() {
    TestRequest.Completion completion = request.last();
    if (completion.payload() instanceof IoBuffer buffer) {
      bytes.add(buffer.readAll());
      if (kept.size() < keep) {
        kept.add(buffer);
      } else {
        buffer.release();
      }
      if (!completion.more() && !stopped) {
        rig.submit(request);
      }
    } else {
      assertTrue(!completion.more(), "without payload, but not the last: " + completion);
      ended = completion.result() == 0;
    }
  }

  void releaseAll() {
    keep = 0;
    while (!kept.isEmpty()) {
      kept.remove().release();
    }
  }

  void await(int count) {
    rig.until(count + " bytes received", () -> bytes.size() >= count);
  }

  void awaitEnd() {
    rig.until("the end of the stream", () -> ended);
    rig.await(request);
  }

  boolean isInFlight() {
    return request.inFlight;
  }

  void stop() {
    stopped = true;
    rig.cancel(request);
    rig.await(request);
    if (request.last().result() < 0) {
      assertEquals(-Errno.ECANCELED, request.last().result());
    }
  }
}
