package dev.ringlet.testkit.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.UdpOptions;
import dev.ringlet.io.UdpSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Actors that use connections, datagrams and files, and go on whatever comes of it. */
final class Traffic {
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final int BYTES = 5000;

  private Traffic() {}

  /** Everything that these actors are told. */
  sealed interface Event {}

  record Again() implements Event {}

  record Opened<T>(@Nullable T what) implements Event {}

  record Data(IoBuffer buffer) implements Event {}

  record Got(Datagram datagram) implements Event {}

  record Ended() implements Event {}

  record Done() implements Event {}

  private abstract static class Base implements Actor<Event> {
    int left;

    Base(int times) {
      left = times;
    }

    static void again(ActorContext<Event> context) {
      context.pipe(context.io().delay(PAUSE), (none, failure) -> new Again());
    }

    <T> void then(ActorContext<Event> context, IoOp<T> op) {
      context.pipe(op, (done, failure) -> new Done());
    }

    static IoBuffer bytes(ActorContext<Event> context) {
      return context.io().buffer(BYTES).write("x".repeat(BYTES).getBytes(UTF_8));
    }
  }

  /** Sends back what it gets. */
  static final class Echo extends Base {
    private final InetSocketAddress address;
    private @Nullable TcpListener listener;

    Echo(InetSocketAddress address) {
      super(0);
      this.address = address;
    }

    @Override
    public void preStart(ActorContext<Event> context) {
      listen(context);
    }

    private void listen(ActorContext<Event> context) {
      context.pipe(
          context.io().listen(address, ListenOptions.defaults()),
          (made, failure) -> new Opened<>(made));
    }

    @Override
    public void receive(Event event, ActorContext<Event> context) {
      if (event instanceof Opened<?> opened && opened.what() instanceof TcpListener made) {
        listener = made;
        accept(context);
      } else if (event instanceof Opened<?> opened && opened.what() instanceof TcpStream stream) {
        context.spawn(() -> new EchoConnection(stream), ActorOptions.defaults());
      } else if (event instanceof Ended) {
        accept(context);
      } else if (event instanceof Opened<?>) {
        again(context);
      } else if (event instanceof Again) {
        listen(context);
      }
    }

    private void accept(ActorContext<Event> context) {
      TcpListener present = listener;
      if (present != null) {
        context.subscribe(
            present.connections(), Opened::new, failure -> new Ended(), Long.MAX_VALUE);
      }
    }
  }

  private static final class EchoConnection extends Base {
    private final TcpStream stream;

    EchoConnection(TcpStream stream) {
      super(0);
      this.stream = stream;
    }

    @Override
    public void preStart(ActorContext<Event> context) {
      context.subscribe(stream.receive(), Data::new, failure -> new Ended(), Long.MAX_VALUE);
    }

    @Override
    public void receive(Event event, ActorContext<Event> context) {
      if (event instanceof Data data) {
        then(context, stream.send(data.buffer()));
      } else if (event instanceof Ended) {
        context.stop();
      }
    }

    @Override
    public void postStop(ActorContext<Event> context) {
      var unused = stream.close().toCompletionStage();
    }
  }

  /** Connects, sends, and closes when it has everything back or the connection breaks. */
  static final class Client extends Base {
    private final InetSocketAddress address;
    private @Nullable TcpStream stream;
    private int received;

    Client(InetSocketAddress address, int times) {
      super(times);
      this.address = address;
    }

    @Override
    public void preStart(ActorContext<Event> context) {
      again(context);
    }

    @Override
    public void receive(Event event, ActorContext<Event> context) {
      if (event instanceof Again) {
        if (left-- > 0) {
          context.pipe(
              context.io().connect(address).timeout(Duration.ofSeconds(5)),
              (made, failure) -> new Opened<>(made));
        } else {
          context.stop();
        }
      } else if (event instanceof Opened<?> opened) {
        if (opened.what() instanceof TcpStream made) {
          stream = made;
          received = 0;
          context.subscribe(made.receive(), Data::new, failure -> new Ended(), Long.MAX_VALUE);
          then(context, made.send(bytes(context)));
        } else {
          again(context);
        }
      } else if (event instanceof Data data) {
        received += data.buffer().readableBytes();
        data.buffer().release();
        TcpStream present = stream;
        if (received == BYTES && present != null) {
          then(context, present.shutdownOutput());
        }
      } else if (event instanceof Ended) {
        close(context);
        again(context);
      }
    }

    private void close(ActorContext<Event> context) {
      TcpStream present = stream;
      stream = null;
      if (present != null) {
        then(context, present.close());
      }
    }

    @Override
    public void postStop(ActorContext<Event> context) {
      TcpStream present = stream;
      if (present != null) {
        var unused = present.close().toCompletionStage();
      }
    }
  }

  /** Sends datagrams to itself. */
  static final class Datagrams extends Base {
    private @Nullable UdpSocket socket;

    Datagrams(int times) {
      super(times);
    }

    @Override
    public void preStart(ActorContext<Event> context) {
      bind(context);
    }

    private static void bind(ActorContext<Event> context) {
      context.pipe(
          context
              .io()
              .bind(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                  UdpOptions.defaults()),
          (made, failure) -> new Opened<>(made));
    }

    @Override
    public void receive(Event event, ActorContext<Event> context) {
      UdpSocket present = socket;
      if (event instanceof Opened<?> opened) {
        if (opened.what() instanceof UdpSocket made) {
          socket = made;
          receiveAll(made, context);
        }
        again(context);
      } else if (event instanceof Got got) {
        got.datagram().release();
      } else if (event instanceof Ended && present != null) {
        receiveAll(present, context);
      } else if (event instanceof Again) {
        if (present == null) {
          bind(context);
        } else if (left-- > 0) {
          then(context, present.send(bytes(context).setIndex(0, 100), present.localAddress()));
          again(context);
        }
      }
    }

    private static void receiveAll(UdpSocket from, ActorContext<Event> context) {
      context.subscribe(from.receive(), Got::new, failure -> new Ended(), Long.MAX_VALUE);
    }
  }

  /** Opens a file, writes, syncs, reads it, and closes it. */
  static final class Files extends Base {
    private final Path path;
    private @Nullable AsyncFile file;
    private int step;

    Files(Path path, int times) {
      super(times);
      this.path = path;
    }

    @Override
    public void preStart(ActorContext<Event> context) {
      again(context);
    }

    @Override
    public void receive(Event event, ActorContext<Event> context) {
      if (event instanceof Again && left-- > 0) {
        step = 0;
        context.pipe(
            context
                .io()
                .open(
                    path,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.READ),
            (made, failure) -> new Opened<>(made));
      } else if (event instanceof Opened<?> opened) {
        file = opened.what() instanceof AsyncFile made ? made : null;
        next(context);
      } else if (event instanceof Done) {
        next(context);
      }
    }

    private void next(ActorContext<Event> context) {
      AsyncFile present = file;
      if (present == null) {
        again(context);
        return;
      }
      switch (step++) {
        case 0 -> then(context, present.write(0, bytes(context)));
        case 1 -> then(context, present.sync());
        case 2 ->
            context.pipe(
                present.read(0, BYTES),
                (buffer, failure) -> {
                  if (buffer != null) {
                    buffer.release();
                  }
                  return new Done();
                });
        default -> {
          file = null;
          then(context, present.close());
        }
      }
    }
  }
}
