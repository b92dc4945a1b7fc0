package dev.ringlet.spi;

import dev.ringlet.io.IoBuffer;
import java.util.List;

/**
 * What RECEIVE_DESCRIPTORS gives.
 *
 * @param data the bytes, readable; to be released
 * @param descriptors those that came with them, maybe none; to be attached or closed
 * @param truncated whether there were more than could be received; all of them are closed then
 */
public record ReceivedDescriptors(
    IoBuffer data, List<DetachedDescriptor> descriptors, boolean truncated) {
  /** Copies the list. */
  public ReceivedDescriptors {
    descriptors = List.copyOf(descriptors);
  }
}
