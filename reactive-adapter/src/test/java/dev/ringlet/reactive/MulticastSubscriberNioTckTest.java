package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class MulticastSubscriberNioTckTest extends MulticastSubscriberTck {
  public MulticastSubscriberNioTckTest() {
    super("nio");
  }
}
