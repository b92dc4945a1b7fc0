package dev.ringlet.testkit.sim;

import dev.ringlet.io.DetachedTcpStream;

/** A connection between two drivers. The simulation's thread. */
final class SimDetached implements DetachedTcpStream {
  private final SimStream stream;
  private boolean taken;

  SimDetached(SimStream stream) {
    this.stream = stream;
  }

  SimStream take() {
    if (taken) {
      throw new IllegalStateException(stream + " was attached or closed already");
    }
    taken = true;
    return stream;
  }

  @Override
  public void close() {
    if (!taken) {
      take().release(false);
    }
  }
}
