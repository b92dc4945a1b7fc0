package dev.ringlet.examples.simulate;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.TcpStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client of the server: sends a few calls at a time, waits for their answers, and connects anew
 * when the connection breaks or nothing comes. What was not answered by then it never hears of.
 */
final class Client implements Actor<Client.Message> {
  /** What a client is told. */
  sealed interface Message {}

  private record Connected(@Nullable TcpStream stream) implements Message {}

  /** Data, or the end of the connection where there is none. */
  private record Received(int connection, @Nullable IoBuffer buffer) implements Message {}

  private record Sent(int connection, @Nullable IoException failure) implements Message {}

  private record Closed() implements Message {}

  private record Due() implements Message {}

  private record Overdue() implements Message {}

  private static final Message DUE = new Due();
  private static final Message OVERDUE = new Overdue();
  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

  /** Longer than a log waits until it tries a failed write again. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(3);

  private static final int RECEIVE_WINDOW = 2;

  private final String name;
  private final InetSocketAddress server;
  private final Workload workload;
  private final History history;
  private final InstantSource clock;
  private final Runnable onEnd;
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private ReplyReader replies = new ReplyReader();
  private @Nullable TcpStream stream;
  private @Nullable IoSubscription input;
  private long sentMillis;

  /** How many connections there were: what comes from an earlier one is not looked at. */
  private int connection;

  /**
   * Creates one.
   *
   * @param name for the history
   * @param server where to connect
   * @param workload what to do, and how fast; it ends when that ends
   * @param history is told of each call
   * @param clock of the simulation
   * @param onEnd is run at its end
   */
  Client(
      String name,
      InetSocketAddress server,
      Workload workload,
      History history,
      InstantSource clock,
      Runnable onEnd) {
    this.name = name;
    this.server = server;
    this.workload = workload;
    this.history = history;
    this.clock = clock;
    this.onEnd = onEnd;
  }

  @Override
  public void preStart(ActorContext<Message> context) {
    pause(context);
  }

  @Override
  public void postStop(ActorContext<Message> context) {
    onEnd.run();
  }

  /** What comes next comes after a while. */
  private void pause(ActorContext<Message> context) {
    context.timers().once(DUE, workload.pause(), DUE);
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Due) {
      goOn(context);
    } else if (message instanceof Connected connected) {
      onConnected(connected.stream(), context);
    } else if (message instanceof Received received) {
      onReceived(received, context);
    } else if (message instanceof Sent sent) {
      if (sent.failure() != null && sent.connection() == connection) {
        disconnect(context);
      }
    } else if (message instanceof Overdue) {
      disconnect(context);
    } else if (message instanceof Closed) {
      pause(context);
    }
  }

  private void goOn(ActorContext<Message> context) {
    TcpStream open = stream;
    if (workload.isDone()) {
      if (open == null) {
        context.stop();
      } else {
        disconnect(context);
      }
    } else if (open == null) {
      context.pipe(
          context.io().connect(server).timeout(CONNECT_TIMEOUT),
          (connected, failure) -> new Connected(connected));
    } else {
      send(open, context);
    }
  }

  private void onConnected(@Nullable TcpStream connected, ActorContext<Message> context) {
    if (connected == null) {
      pause(context);
      return;
    }
    int number = ++connection;
    stream = connected;
    replies = new ReplyReader();
    input =
        context.subscribe(
            connected.receive(),
            buffer -> new Received(number, buffer),
            failure -> new Received(number, null),
            RECEIVE_WINDOW);
    send(connected, context);
  }

  private void send(TcpStream target, ActorContext<Message> context) {
    StringBuilder text = new StringBuilder();
    for (int left = workload.batch(); left > 0; left--) {
      Call call = workload.next(name, history);
      waiting.add(call);
      append(text, call);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    int number = connection;
    sentMillis = clock.millis();
    context.timers().once(OVERDUE, ANSWER_TIMEOUT, OVERDUE);
    context.pipe(
        target.send(context.io().buffer(bytes.length).write(bytes)),
        (count, failure) -> new Sent(number, failure));
  }

  private static void append(StringBuilder text, Call call) {
    String value = call.written();
    text.append(value == null ? "*2\r\n" : "*3\r\n");
    appendWord(text, call.kind().name());
    appendWord(text, call.key());
    if (value != null) {
      appendWord(text, value);
    }
  }

  private static void appendWord(StringBuilder text, String word) {
    text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
  }

  private void onReceived(Received received, ActorContext<Message> context) {
    IoBuffer buffer = received.buffer();
    if (buffer == null) {
      if (received.connection() == connection) {
        disconnect(context);
      }
      return;
    }
    try {
      if (received.connection() == connection && stream != null) {
        replies.add(buffer.readable());
      }
    } finally {
      buffer.release();
    }
    if (received.connection() == connection && stream != null) {
      takeReplies(context);
    }
  }

  private void takeReplies(ActorContext<Message> context) {
    boolean waited = !waiting.isEmpty();
    for (ReplyReader.Reply reply = replies.next(); reply != null; reply = replies.next()) {
      Call call = waiting.poll();
      if (call == null) {
        throw new AssertionError(name + ": a reply to nothing: " + reply);
      }
      answer(call, reply);
    }
    Objects.requireNonNull(input).request(1);
    if (waited && waiting.isEmpty()) {
      context.timers().cancel(OVERDUE);
      history.waited(clock.millis() - sentMillis);
      pause(context);
    }
  }

  private void answer(Call call, ReplyReader.Reply reply) {
    if (reply.isError()) {
      call.refuse();
      return;
    }
    long now = history.answer();
    Call unused =
        switch (call.kind()) {
          case GET -> call.read(reply.text(), now);
          case SET -> call.wrote(now);
          case DEL -> call.deleted("1".equals(reply.text()), now);
        };
  }

  private void disconnect(ActorContext<Message> context) {
    TcpStream open = stream;
    if (open == null) {
      return;
    }
    stream = null;
    waiting.clear();
    context.timers().cancel(OVERDUE);
    context.timers().cancel(DUE);
    Objects.requireNonNull(input).cancel();
    context.pipe(open.close(), (nothing, failure) -> new Closed());
  }
}
