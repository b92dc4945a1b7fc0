package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.reactivestreams.Publisher;

/**
 * Asks an actor about each element, several at a time, and passes the replies on. After the end it
 * lives until each question has been answered or has timed out, to give back what still comes.
 */
final class AskActor<T, M, R> extends StageActor<T, R> {
  private final AskEach<T, M, R> spec;
  private final AskOptions<R> options;
  private final Discard<R> replies;

  /**
   * What may be passed on next: in order of the elements, answered or not, or else replies in the
   * order in which they came.
   */
  private final Deque<Question<T, M, R>> line = new ArrayDeque<>();

  /** Questions without an answer, in any order. */
  private final List<Question<T, M, R>> open = new ArrayList<>();

  AskActor(
      Publisher<? extends T> upstream,
      AskEach<T, M, R> spec,
      DemandOptions<T> demand,
      ActorSubscription<R> subscription) {
    super(upstream, demand, demand.discard(), subscription);
    this.spec = spec;
    this.options = spec.options();
    this.replies = options.discard();
  }

  @Override
  void advance(ActorContext<Object> context) {
    if (!passOn(context)) {
      waker.wake();
      return;
    }
    boolean asked = true;
    while (asked && places() > 0 && !subscription.isClosed()) {
      asked = askNext(context);
      if (asked && context.needPreempt()) {
        waker.wake();
        return;
      }
    }
    if (line.isEmpty() && open.isEmpty() && inlet.checkDone()) {
      end();
    }
  }

  private int places() {
    return options.parallelism() - (options.isOrdered() ? line.size() : line.size() + open.size());
  }

  /** False if others want the core before all was passed on that may be. */
  private boolean passOn(ActorContext<Object> context) {
    while (isWanted()) {
      Question<T, M, R> first = line.peekFirst();
      R reply = first == null ? null : first.takeReply();
      if (reply == null) {
        return true;
      }
      line.removeFirst();
      if (!pass(reply)) {
        replies.accept(reply);
        return true;
      }
      if (context.needPreempt()) {
        return false;
      }
    }
    return true;
  }

  /** False if no element waits. */
  private boolean askNext(ActorContext<Object> context) {
    T element = take();
    if (element == null) {
      return false;
    }
    Question<T, M, R> question = new Question<>(element, spec, replies);
    try {
      context.<M, Object>ask(spec.actor(), question, options.timeout(), question::answered);
    } catch (Throwable thrown) {
      T left = question.element();
      if (left != null) {
        inlet.giveBack(left);
      }
      replies.accept(question.settle());
      throw thrown;
    }
    question.sent();
    question.index = open.size();
    open.add(question);
    if (options.isOrdered()) {
      line.addLast(question);
    }
    return true;
  }

  @Override
  void onMessage(Object message, ActorContext<Object> context) {
    if (message instanceof Question<?, ?, ?>) {
      @SuppressWarnings("unchecked") // it is one of ours
      Question<T, M, R> answered = (Question<T, M, R>) message;
      closeQuestion(answered);
      onAnswer(answered, context);
    } else {
      super.onMessage(message, context);
    }
  }

  /** The last one takes its place. */
  private void closeQuestion(Question<T, M, R> answered) {
    Question<T, M, R> last = open.remove(open.size() - 1);
    if (last != answered) {
      open.set(answered.index, last);
      last.index = answered.index;
    }
  }

  private void onAnswer(Question<T, M, R> answered, ActorContext<Object> context) {
    Throwable failure = answered.failure();
    if (isOver()) {
      replies.accept(answered.takeReply());
      stopAfterLastLetter(context);
    } else if (failure != null) {
      inlet.close();
      subscription.fail(failure);
    } else {
      if (!options.isOrdered()) {
        line.addLast(answered);
      }
      goOn(context);
    }
  }

  @Override
  void onClosed() {
    for (Question<T, M, R> question : line) {
      replies.accept(question.takeReply());
    }
    line.clear();
    for (int i = 0; i < open.size(); i++) {
      subscription.expectLetter();
    }
  }

  /** Nobody waits for answers any more, when the system closes. */
  @Override
  public void postStop(ActorContext<Object> context) throws Exception {
    try {
      super.postStop(context);
    } finally {
      for (Question<T, M, R> question : open) {
        replies.accept(question.settle());
      }
      open.clear();
    }
  }
}
