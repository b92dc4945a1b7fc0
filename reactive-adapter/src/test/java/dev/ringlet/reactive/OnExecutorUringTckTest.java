package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class OnExecutorUringTckTest extends OnExecutorTck {
  public OnExecutorUringTckTest() {
    super("uring");
  }
}
