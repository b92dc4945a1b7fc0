package dev.ringlet.spi;

/**
 * A descriptor that has come from another program and is nobody's yet: {@link
 * IoDriver#attach(DetachedDescriptor, boolean)} takes it. <b>Thread:</b> any; whoever has it last
 * attaches or closes it.
 */
public interface DetachedDescriptor extends AutoCloseable {
  /**
   * Whether writes go to the end of the file (O_APPEND).
   *
   * @return true for appending
   * @throws IllegalStateException if it was attached or closed already
   */
  boolean appends();

  /**
   * Whether the file is read and written past the page cache (O_DIRECT).
   *
   * @return true for direct I/O
   * @throws IllegalStateException if it was attached or closed already
   */
  boolean isDirect();

  /** Closes it; does nothing if it was attached or closed. */
  @Override
  void close();
}
