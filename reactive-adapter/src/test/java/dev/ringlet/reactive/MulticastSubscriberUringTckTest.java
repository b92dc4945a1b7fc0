package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class MulticastSubscriberUringTckTest extends MulticastSubscriberTck {
  public MulticastSubscriberUringTckTest() {
    super("uring");
  }
}
