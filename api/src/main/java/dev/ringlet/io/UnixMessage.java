package dev.ringlet.io;

import java.util.List;

/**
 * Bytes of a {@link UnixStream} and what was passed with them.
 *
 * @param data the bytes, none at the peer's end of output; a leased buffer
 * @param descriptors what came with the bytes, in the order of the sender; to be taken or closed
 * @param truncated whether more descriptors came than can be received at once, {@value
 *     #MAX_DESCRIPTORS}, or the process has no room for them; all of them are closed then
 */
public record UnixMessage(IoBuffer data, List<PassedDescriptor> descriptors, boolean truncated) {
  /** How many descriptors can be received with a piece of data. */
  public static final int MAX_DESCRIPTORS = 16;

  /** Copies the list. */
  public UnixMessage {
    descriptors = List.copyOf(descriptors);
  }

  /** Gives the buffer back and closes the descriptors that nobody has taken. */
  public void release() {
    descriptors.forEach(PassedDescriptor::close);
    data.release();
  }
}
