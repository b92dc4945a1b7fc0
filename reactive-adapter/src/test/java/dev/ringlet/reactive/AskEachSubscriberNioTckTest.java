package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class AskEachSubscriberNioTckTest extends AskEachSubscriberTck {
  public AskEachSubscriberNioTckTest() {
    super("nio");
  }
}
