package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class MulticastProcessorNioTckTest extends MulticastProcessorTck {
  public MulticastProcessorNioTckTest() {
    super("nio");
  }
}
