import type { Lesson } from '../types.ts';

export const temperature: Lesson = {
  id: 'temperature',
  title: 'Temperature',
  minutes: 9,
  about: 'One number decides to whom a model listens: what happens when it is far too low, and far too high.',
  steps: [
    {
      title: 'How much more does it count?',
      say: [
        'SimCLR’s game: find a view’s partner among 127 other views. Each candidate has a cosine c, and counts with the weight e^(c ÷ T). T is the *temperature*.',
        'Say the partner has cosine 0.9, the most similar wrong view 0.8.',
      ],
      show: {
        figure: 'map',
        recordings: ['simclr'],
        at: 'end',
        panel: 'formula',
        view: { projection: 'pca', pictures: true, color: 'shape', hidden: [], lines: true },
        scene: null,
      },
      question: 'T is 0.1. How many times the weight of the wrong one has the partner?',
      choices: ['1.1 times: 0.9 ÷ 0.8.', '2.7 times.', '22,026 times.'],
      answer: 1,
      reveal: {
        say: [
          'Only the difference counts: e^(0.1 ÷ 0.1) = e = 2.7. At T = 0.01 it would be e^10 = 22,026, at T = 5 just 1.02.',
          'So at a low temperature the most similar wrong view outweighs all others and is the only one heard. At a high one all are heard alike, whether they are similar or not. In the formula beside or below the map it is τ.',
        ],
      },
    },
    {
      title: 'Far too cold: the loss',
      say: [
        'A second run with the same start, pictures and steps; only T is 0.01 instead of 0.1. (The first is named “Unchanged”.) Now every wrong view that is a little nearer than the partner makes a huge loss.',
        'Who guesses blindly, with the same weight for all 127, has a loss of ln 127 = 4.84.',
      ],
      show: { recordings: ['simclr', 'simclr-cold'], at: 'start', panel: 'loss' },
      question: 'What will the loss of the cold run do?',
      choices: [
        'Fall below that of the first run: it works on the hardest cases.',
        'Begin far above 4.84, fall quickly, then stay near 4.84.',
        'Stay as high as it begins.',
      ],
      answer: 1,
      reveal: {
        say: [
          'It begins at 48.5: far worse than blind. From step 24 on it is below 6, then it stays near 4.84 for hundreds of steps and ends at 4.55. The first run ends at 2.19.',
          'Looking at the hardest case sounds clever. But at the start all is hard, and one view shouts so loud that nothing can be learned from the others.',
        ],
        show: { at: 'start', play: true },
      },
    },
    {
      title: 'Far too cold: the way out',
      say: [
        'From 48.5 to 4.84 in so few steps: something was found that helps a lot.',
        '4.84 is the loss of blind guessing. So think of what makes all 127 candidates weigh the same, even at T = 0.01.',
      ],
      show: { at: 'end' },
      question: 'What did the cold run find?',
      choices: [
        'How to recognize most of the partners.',
        'To give nearly the same embedding to all.',
        'Nothing: its training was stopped.',
      ],
      answer: 1,
      reveal: {
        say: [
          'Here is the cold run alone. Below its square: partners have a cosine of 0.993, others 0.985. In the first run it is 0.856 and 0.108.',
          'If all are alike, nobody can be far wrong. Textbooks say that a low temperature tears apart things that belong together. This small, fast run did less: it nearly gave up. A slower start might have gone otherwise.',
        ],
        show: { recordings: ['simclr-cold'], at: 'end', panel: 'pictures' },
      },
    },
    {
      title: 'Far too cold: what it knows',
      say: [
        'The probes read from what lies just before the part that the loss compares. There, not all is the same.',
        'The untrained model had the color right in 71 % of pictures, the shape in 12 %, which is chance.',
      ],
      question: 'What does the cold run know of color after 500 steps of training?',
      choices: [
        'More than the untrained model: any training helps.',
        'As much as the untrained model.',
        'Less than the untrained model.',
      ],
      answer: 2,
      reveal: {
        say: [
          'Row “color”: 49 %, less than before; the rhombus marks the untrained model. Row “shape”: 13 %, chance as before. The first run has 52 %.',
          'Its map is a bow, and two directions hold 95 % of the variance. Along the bow the grounds go from dark to bright, and little else is sorted. Training can destroy what a random model has.',
        ],
        show: { at: 'end', panel: 'probes' },
      },
    },
    {
      title: 'Far too hot: the loss',
      say: [
        'Now T is 5 for the second run. Cosines lie between −1 and 1. So the most similar view weighs at most e^(2 ÷ 5) = 1.5 times the most different one.',
        'Blind guessing still has 4.84.',
      ],
      show: { recordings: ['simclr', 'simclr-hot'], at: 'start', panel: 'loss' },
      question: 'What will the loss of the hot run do?',
      choices: [
        'Fall as that of the first run does.',
        'Hardly move, so nothing is learned.',
        'Hardly move, though something is learned.',
      ],
      answer: 2,
      reveal: {
        say: [
          'From 4.83 to 4.68. Even if every partner had cosine 1 and all others −1, it would be 4.45: at this temperature the loss has no room.',
          'How far a loss falls depends on T. So losses at different temperatures cannot be compared. And look at the right map: it does change.',
        ],
        show: { at: 'start', play: true },
      },
    },
    {
      title: 'Far too hot: the fine differences',
      say: [
        'Both runs are at their end. In the hot run partners have a cosine of 0.942 on average, all others −0.010. In the first run it is 0.856 and 0.108.',
        'So the hot run has its partners nearer, and the others farther off.',
      ],
      show: { at: 'end' },
      question:
        'In the first run the partner is the most similar of 64 in 58 % of cases. And in the hot one?',
      choices: ['In more: its partners are nearer.', 'In about as many.', 'In 16 %.'],
      answer: 2,
      reveal: {
        say: [
          'In 16 %. Averages hide it. Here is the square of the hot run alone: 32 % of the others are above 0.8, in the first run 2 %. Groups have formed, and within a group nearly all are the same.',
          'What matters for winning are the few wrong views that are most like the partner. At T = 5 they weigh hardly more than those that are quite different. So nothing pulls them apart.',
        ],
        show: { recordings: ['simclr-hot'], at: 'end', panel: 'pictures' },
      },
    },
    {
      title: 'Far too hot: what it knows',
      say: [
        'A few groups, then. They must be made of something that tells many pictures apart at once.',
        'The first run has shape right in 52 %, color in 70 %, position in 95 %.',
      ],
      question: 'In which of them does the hot run do as well?',
      choices: ['In shape.', 'In color.', 'In position.'],
      answer: 2,
      reveal: {
        say: [
          'Row “position”: 95 %, too. Color is at 62 %, shape at 33 %. The frames now have the color of the position: three groups for top, middle and bottom, and in each the warm colors apart from the cool ones.',
          'Two directions hold 97 % of the variance, in the first run 66 %. The coarse was learned, the fine was not. A high temperature is no disaster here; it makes a model that is content too early.',
        ],
        show: { at: 'end', panel: 'probes', view: { color: 'position' } },
      },
    },
    {
      title: 'Which one, then?',
      say: [
        'Between 0.01 and 5 lies what is used in practice: often 0.05 to 0.5. In our first run it was 0.1.',
        'You train on new pictures and do not know which temperature is good.',
      ],
      show: { recordings: ['simclr'], at: 'end', panel: 'probes', view: { color: 'shape' } },
      question: 'How do you choose?',
      choices: [
        'Always 0.1, since it worked here.',
        'The one with the lowest loss.',
        'Try several and measure what the embeddings know of held-out pictures.',
      ],
      answer: 2,
      reveal: {
        say: [
          'The loss cannot tell, as its scale changes with T. A probe on pictures that were not trained on can.',
          'What is good depends on the data, the batch and how long one trains. The next lessons’ model for pictures and words, CLIP, learns its temperature along with all else.',
        ],
      },
    },
  ],
  summary: [
    'The temperature decides how much more the most similar wrong candidates count than all the others.',
    'Too low: only the nearest is heard. Our run nearly gave up and knew less than at random.',
    'Too high: all are heard alike. The coarse is learned, the fine is not.',
    'Losses at different temperatures cannot be compared; probes can.',
  ],
  teacher: {
    aim: 'They can say what the temperature does to the weights of candidates, recognize a run that is too cold or too hot by its measures, and know why the loss does not show it.',
    before:
      'SimCLR’s game (lesson “Views and augmentations”), cosine, the number e. Logarithms only for ln 127.',
    course: [
      '0–2 min: step 1. Have the three weights computed with a calculator; the jump from 2.7 to 22,026 makes the lesson.',
      '2–5 min: steps 2 to 4. In the loss, switch to the log scale, or the first run cannot be seen beside the cold one.',
      '5–8 min: steps 5 to 7. Before step 6, ask for a sketch: high average, and yet seldom first. How can that be?',
      '8–9 min: step 8. Afterwards, where there is a GPU: “Break it” trains such runs live, at 0.005 and 5.',
    ],
    misconceptions: [
      {
        think: 'Temperature is about how fast or how randomly a model learns.',
        help: 'That is the learning rate. The temperature divides the cosines, nothing else. From chatbots some know it as a measure of chance: there it divides the scores of words, by the same formula.',
      },
      {
        think: 'Attending to the hardest cases is always best.',
        help: 'Steps 2 and 3. At the start nearly all is hard, and the hardest may even show the same things as the partner.',
      },
      {
        think: 'A loss that hardly moves means that nothing is learned.',
        help: 'Step 5: 4.83 to 4.68, and the map has changed all the same. The scale of the loss belongs to T.',
      },
      {
        think: 'Partners that are near on average will be found.',
        help: 'Step 6. Whether a partner comes first is decided by the few nearest others, not by the average of all.',
      },
    ],
    questions: [
      {
        ask: 'With T near 0, what is the weight of the most similar candidate among all?',
        answer: 'Nearly 1, all others nearly 0: the softmax becomes a plain “the largest wins”.',
      },
      {
        ask: 'With T very large, what is the loss?',
        answer:
          'All 127 weigh the same, 1 ÷ 127 each, so −ln(1 ÷ 127) = ln 127 = 4.84, whatever the model does.',
      },
      {
        ask: 'The cold run is only one run. What may one conclude?',
        answer:
          'That it went so here, with this seed and learning rate. Wang and Liu (2021) tried many temperatures on real pictures: both ends were worse, and the best was in between.',
      },
      {
        ask: 'Two pictures of a batch happen to show the same thing. At which temperature does that do the most harm?',
        answer:
          'At a low one: they are the most similar wrong views of each other, and get nearly all of the push.',
      },
    ],
  },
};
