package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class AskEachNioTckTest extends AskEachTck {
  public AskEachNioTckTest() {
    super("nio");
  }
}
