package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/** Accepts with a multishot request and arms it again where it ended without a failure. */
final class Acceptor {
  final List<IoHandle> handles = new ArrayList<>();
  private final DriverRig rig;
  private final TestRequest request;
  private boolean stopped;

  Acceptor(DriverRig rig, IoHandle listener) {
    this.rig = rig;
    request = TestRequest.accept(listener).multishot();
    request.onCompletion(this::accepted);
    rig.submit(request);
  }

  private void accepted() {
    TestRequest.Completion completion = request.last();
    if (completion.result() < 0) {
      return;
    }
    assertEquals(0, completion.result(), "result of an accept");
    handles.add((IoHandle) completion.payload());
    if (!completion.more() && !stopped) {
      rig.submit(request);
    }
  }

  void await(int count) {
    rig.until(count + " accepted, now " + handles.size(), () -> handles.size() >= count);
    assertEquals(count, handles.size());
  }

  void stop() {
    stopped = true;
    rig.cancel(request);
    int result = rig.await(request).last().result();
    assertTrue(result == 0 || result == -Errno.ECANCELED, request::toString);
  }
}
