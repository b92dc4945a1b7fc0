package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class OnExecutorSubscriberUringTckTest extends OnExecutorSubscriberTck {
  public OnExecutorSubscriberUringTckTest() {
    super("uring");
  }
}
