package dev.ringlet.reactive;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileDraft;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoPipe;
import dev.ringlet.io.StreamInput;
import dev.ringlet.io.StreamOutput;
import dev.ringlet.io.StreamSocket;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.UdpSocket;
import dev.ringlet.io.UnixDatagramSocket;
import dev.ringlet.io.UnixListener;
import dev.ringlet.io.UnixMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives back what the values of operations own. Any thread. */
final class Values {
  private static final System.Logger LOG = System.getLogger(Values.class.getName());

  private Values() {}

  /** Releases a buffer, closes a file, socket or pipe, drops a draft; other values own nothing. */
  static void giveBack(Object value) {
    if (value instanceof IoBuffer buffer) {
      buffer.release();
    } else if (value instanceof UnixMessage message) {
      message.release();
    } else if (value instanceof List<?> several) {
      several.forEach(Values::giveBack);
    } else if (value instanceof IoPipe pipe) {
      giveBack(pipe.input());
      giveBack(pipe.output());
    } else {
      IoOp<Void> end = endOf(value);
      if (end != null) {
        end.toCompletionStage().whenComplete((nothing, failure) -> logged(value, failure));
      }
    }
  }

  private static @Nullable IoOp<Void> endOf(Object value) {
    if (value instanceof FileDraft draft) {
      return draft.discard();
    } else if (value instanceof AsyncFile file) {
      return file.close();
    } else if (value instanceof StreamSocket socket) {
      return socket.close();
    } else if (value instanceof StreamInput input) {
      return input.close();
    } else if (value instanceof StreamOutput output) {
      return output.close();
    }
    return endOfSocket(value);
  }

  private static @Nullable IoOp<Void> endOfSocket(Object value) {
    if (value instanceof UdpSocket socket) {
      return socket.close();
    } else if (value instanceof UnixDatagramSocket socket) {
      return socket.close();
    } else if (value instanceof TcpListener listener) {
      return listener.close();
    } else if (value instanceof UnixListener listener) {
      return listener.close();
    }
    return null;
  }

  private static void logged(Object value, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.log(
          System.Logger.Level.WARNING,
          "what nobody has taken could not be closed: " + value,
          failure);
    }
  }
}
