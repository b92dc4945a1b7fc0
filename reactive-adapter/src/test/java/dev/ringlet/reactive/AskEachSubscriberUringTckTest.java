package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class AskEachSubscriberUringTckTest extends AskEachSubscriberTck {
  public AskEachSubscriberUringTckTest() {
    super("uring");
  }
}
