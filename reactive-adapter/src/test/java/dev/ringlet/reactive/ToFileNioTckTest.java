package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class ToFileNioTckTest extends ToFileTck {
  public ToFileNioTckTest() {
    super("nio");
  }
}
