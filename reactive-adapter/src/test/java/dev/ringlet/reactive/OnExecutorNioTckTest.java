package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class OnExecutorNioTckTest extends OnExecutorTck {
  public OnExecutorNioTckTest() {
    super("nio");
  }
}
