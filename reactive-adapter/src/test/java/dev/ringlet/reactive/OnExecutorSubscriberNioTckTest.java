package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class OnExecutorSubscriberNioTckTest extends OnExecutorSubscriberTck {
  public OnExecutorSubscriberNioTckTest() {
    super("nio");
  }
}
