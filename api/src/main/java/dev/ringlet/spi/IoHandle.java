package dev.ringlet.spi;

/**
 * A driver's open file, socket or listener. Each driver has a subclass; a request must carry a
 * handle of the driver it is submitted to. <b>Thread:</b> owner executor.
 */
public abstract class IoHandle {
  /** For drivers. */
  protected IoHandle() {}
}
