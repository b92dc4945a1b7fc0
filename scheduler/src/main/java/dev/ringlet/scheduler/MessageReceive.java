package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.PassedDescriptor;
import dev.ringlet.io.UnixMessage;
import dev.ringlet.spi.DetachedDescriptor;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.ReceivedDescriptors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receives bytes and the descriptors that come with them. */
final class MessageReceive extends SingleReceive<UnixMessage> {
  MessageReceive(SocketInput input) {
    super(input, "receive message", IoOpcode.RECEIVE_DESCRIPTORS);
  }

  @Override
  void received(@Nullable Object payload) {
    if (payload instanceof ReceivedDescriptors received) {
      List<PassedDescriptor> descriptors = new ArrayList<>(received.descriptors().size());
      for (DetachedDescriptor each : received.descriptors()) {
        descriptors.add(new DriverDescriptor(executor(), each));
      }
      succeed(
          new UnixMessage(
              executor().watch(received.data(), this), descriptors, received.truncated()));
    } else {
      succeed(new UnixMessage(SocketInput.nothing(), List.of(), false));
    }
  }

  @Override
  boolean takes() {
    return true;
  }

  /** A receive takes no descriptors: the kernel has closed those that came with it. */
  @Override
  void served(IoBuffer bytes) {
    succeed(new UnixMessage(bytes, List.of(), false));
  }

  @Override
  void discard(UnixMessage value) {
    value.release();
  }
}
