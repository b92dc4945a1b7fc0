package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.ShardedRef;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.FileOutput;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.StreamOutput;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Makes Reactive Streams subscribers of actors, stages and outputs.
 *
 * <p><b>Thread:</b> any thread, for the subscribers too: an upstream may signal on any, one signal
 * after the other. {@code request} and {@code cancel} of the upstream are called on the executor
 * named at creation, or else as {@link #first} tells; what the upstream does within them runs there
 * and must not block. Only an upstream that comes when the executor cannot serve it any more is
 * cancelled elsewhere.
 */
public final class Subscribers {
  private Subscribers() {}

  /**
   * Has the signals of an upstream sent to an actor as messages, in their order, with back
   * pressure: never more elements are on their way than the options say, in whatever queue.
   *
   * <pre>{@code
   * record Arrived(StreamSignal<Order> signal) {}
   *
   * // in an actor of Arrived
   * orders.subscribe(
   *     Subscribers.toActor(
   *         context.executor(), context.self(), Arrived::new, DemandOptions.batch(64)));
   *
   * public void receive(Arrived message, ActorContext<Arrived> context) {
   *   if (message.signal() instanceof StreamSignal.Element<Order> element) {
   *     Order order = element.take();
   *     ...
   *   }
   * }
   * }</pre>
   *
   * <p>When the actor stops, the upstream is cancelled; all elements that it has not taken are
   * given back by the discard hook, and so are those that come afterwards. A restart is no stop:
   * the new instance goes on with the stream, as with the messages in the mailbox.
   *
   * <p>If the actor's bounded mailbox has no room, the elements wait: until the actor takes one, or
   * for a millisecond where it has other messages. With {@link DemandOptions#mailboxRoom} that is
   * what holds the upstream back. A mailbox that drops messages drops elements with them, and each
   * of them counts as on its way until the actor stops: give the elements room there, or use
   * another one.
   *
   * @param executor where the subscription is kept; best the actor's own
   * @param actor who gets the messages: an actor of this system, or an {@linkplain
   *     dev.ringlet.actor.ActorContext#adapt adapter} of one. Of a sharded service, one shard
   * @param adapter makes the message of a signal; called on the executor. If it throws, the
   *     upstream is cancelled, and the actor gets the failure as {@link StreamSignal.Failed}
   * @param options how elements are asked for and given back
   * @param <T> the type of the elements
   * @param <M> the type of messages the actor accepts
   * @return the subscriber, for one subscription
   * @throws IllegalArgumentException if the address is that of a router or of a sharded service:
   *     they are several actors, and the stream has the life of one. Another address behind which
   *     there is no actor, as one that takes a reply, is told so as {@link StreamSignal.Failed}.
   *     Also if the options are by {@linkplain DemandOptions#mailboxRoom mailbox room} and the
   *     mailbox {@linkplain ActorRef#mayRefuse never refuses} a message: nothing would hold the
   *     upstream back
   */
  public static <T, M> ActorSubscriber<T> toActor(
      ActorExecutor executor,
      ActorRef<M> actor,
      Function<? super StreamSignal<T>, ? extends M> adapter,
      DemandOptions<T> options) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(adapter, "adapter");
    Objects.requireNonNull(options, "options");
    if (actor instanceof RouterRef<?> || actor instanceof ShardedRef<?>) {
      throw new IllegalArgumentException(
          "actor: "
              + actor.path()
              + " is several actors; give one of its routees or shards, or have an actor in front"
              + " of it that passes the elements on");
    }
    if (options.isMailboxRoom() && !actor.mayRefuse()) {
      throw new IllegalArgumentException(
          "options: mailboxRoom; the mailbox of "
              + actor.path()
              + " refuses nothing, so the upstream would be asked without limit; give the actor"
              + " Mailbox.bounded(capacity, REJECT), or use DemandOptions.batch(size)");
    }
    return new RelaySubscriber<>(executor, new Relay<>(actor, adapter, options));
  }

  /**
   * Subscribes at once, asks for one element and cancels the upstream after it.
   *
   * @param upstream where the element comes from
   * @param discard gives back an element that comes when the future was completed or cancelled
   *     already; called on the upstream's thread
   * @param <T> the type of the element
   * @return the first element, or null if the upstream completes without one, or its failure;
   *     completed on the upstream's thread. A cancel of the future cancels the upstream, on the
   *     thread that cancels
   */
  public static <T> CompletableFuture<@Nullable T> first(
      Publisher<T> upstream, Consumer<? super T> discard) {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(discard, "discard");
    FirstSubscriber<T> subscriber = new FirstSubscriber<>(new Discard<>(discard));
    subscriber.subscribeTo(upstream);
    return subscriber.first();
  }

  /**
   * Has buffers sent on a connection or a pipe, which stays open; with {@link
   * WriteOptions#buffers}.
   *
   * <pre>{@code
   * // an echo, which ends its output when the peer has
   * Publishers.from(stream.receive())
   *     .subscribe(
   *         Subscribers.toOutput(
   *             executor, stream, WriteOptions.buffers().withEnd(WriteOptions.End.SHUT_DOWN)));
   * }</pre>
   *
   * @param executor the home of the output
   * @param output the output
   * @return the subscriber; see the longer form
   */
  public static OutputSubscriber<IoBuffer> toOutput(ActorExecutor executor, StreamOutput output) {
    return toOutput(executor, output, WriteOptions.buffers());
  }

  /**
   * Has the elements of an upstream sent on a connection (TCP, TLS, Unix) or a pipe, in their
   * order. One send is under way at a time, of all that has come meanwhile, up to half of what the
   * options allow on the way. While the peer does not read, nothing more is asked for.
   *
   * <p>When a send fails, because the peer has gone or the output was closed, the upstream is
   * cancelled and what waits is given back. That shows with the next send: between two of them
   * nobody looks. When the upstream fails, the elements before are sent, and the output is not
   * ended as if that had been all, see {@link WriteOptions.End}.
   *
   * @param executor the home of the output
   * @param output the output; others may send on it too: their bytes come between sends, and count
   *     for its limit
   * @param options how elements become bytes, how many are on their way, what becomes of the output
   * @param <T> the type of the elements
   * @return the subscriber, for one subscription, and its result: the bytes that the kernel has
   *     taken over. An output of another executor fails it with {@link IllegalStateException}
   */
  public static <T> OutputSubscriber<T> toOutput(
      ActorExecutor executor, StreamOutput output, WriteOptions<T> options) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(output, "output");
    WriteOptions.End end = options.endOr(WriteOptions.End.LEAVE_OPEN);
    return new WritingSubscriber<>(
        executor, new Writing<>(new Target.Stream(output, end), options));
  }

  /**
   * Has buffers written to a file, which is closed at the end; with {@link WriteOptions#buffers}.
   *
   * @param executor the home of the file
   * @param output the output
   * @return the subscriber; see the longer form
   */
  public static OutputSubscriber<IoBuffer> toFile(ActorExecutor executor, FileOutput output) {
    return toFile(executor, output, WriteOptions.buffers());
  }

  /**
   * Has the elements of an upstream written to a file, in their order and behind their back: they
   * count as written when the output has accepted them, and it holds them up while too much waits
   * for the disk, see {@link dev.ringlet.io.OutputOptions#maxBehind}. At the end the file is closed
   * unless the options say otherwise. The result comes after that, and after the sync: of a close
   * as {@link dev.ringlet.io.OutputOptions#syncOnClose} says, by default and of a file that stays
   * open always. So no error of the disk goes unheard.
   *
   * <pre>{@code
   * Io io = system.run(ActorContext::io);
   *
   * Mono<Long> written =
   *     Mono.from(Publishers.one(executor, () -> io.open(path, WRITE, CREATE)))
   *         .flatMap(
   *             file -> {
   *               var output = Subscribers.toFile(executor, file.output(), WriteOptions.arrays());
   *               pieces.subscribe(output); // a Flux of byte[]
   *               return Mono.fromCompletionStage(output.result());
   *             });
   * }</pre>
   *
   * <p>When a write fails, the upstream is cancelled and what waits is given back. When the
   * upstream fails or the stream is cancelled, the file keeps what was written until then.
   *
   * @param executor the home of the file
   * @param output the output, from {@link dev.ringlet.io.AsyncFile#output}
   * @param options how elements become bytes, how many are on their way, what becomes of the file
   * @param <T> the type of the elements
   * @return the subscriber, for one subscription, and its result: the bytes that were written. A
   *     file of another executor fails it with {@link IllegalStateException}
   * @throws IllegalArgumentException if the options are to shut the output down
   */
  public static <T> OutputSubscriber<T> toFile(
      ActorExecutor executor, FileOutput output, WriteOptions<T> options) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(output, "output");
    WriteOptions.End end = options.endOr(WriteOptions.End.CLOSE);
    if (end == WriteOptions.End.SHUT_DOWN) {
      throw new IllegalArgumentException(
          "end: SHUT_DOWN; a file has no half to end, use CLOSE or LEAVE_OPEN");
    }
    return new WritingSubscriber<>(executor, new Writing<>(new Target.File(output, end), options));
  }
}
