package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class MulticastProcessorUringTckTest extends MulticastProcessorTck {
  public MulticastProcessorUringTckTest() {
    super("uring");
  }
}
