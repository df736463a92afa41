/** Questions of general knowledge: nobody has ever said a word about them at work. */
export const UNRELATED_QUESTIONS: readonly string[] = `
How do I bake sourdough bread with rye flour?
What is the capital of Mongolia?
Which planet has the most moons?
How tall is Mount Kilimanjaro?
Who painted The Night Watch?
What is the boiling point of ethanol?
How many chambers does a cow's stomach have?
When did the Ottoman Empire fall?
What year was the Eiffel Tower finished?
How do you prune roses in winter?
Which composer wrote The Magic Flute?
What language is spoken in Suriname?
How long do elephants live in the wild?
What is the currency of Vietnam?
Who was the first woman in space?
What causes the northern lights?
How do I remove red wine stains from carpet?
What is the offside rule in soccer?
Which vitamin prevents scurvy?
How deep is the Mariana Trench?
Who wrote One Hundred Years of Solitude?
What is the best way to poach an egg?
How many strings does a cello have?
What are the symptoms of iron deficiency?
Which river flows through Budapest?
How does a sewing machine bobbin work?
What is the difference between a crocodile and an alligator?
When is the monsoon season in Kerala?
Who invented the telegraph?
How do bees communicate the location of flowers?
What is a haiku?
Which country has the longest coastline?
How do I tie a bowline knot?
What was the population of Rome in antiquity?
Which metals are magnetic?
How is parmesan cheese aged?
What does the appendix do?
Who won the 1998 football world cup?
What is the tallest tree species?
How do volcanoes form islands?
What is the grammar of the Finnish partitive case?
How many bones are in the human hand?
Which gas makes up most of the atmosphere of Venus?
What is the recipe for tzatziki?
When was the Magna Carta signed?
How do you say goodbye in Swahili?
What is photosynthesis?
Who discovered penicillin?
How do tides depend on the moon?
What is the price of gold per ounce?
Which dinosaur had three horns?
How do I knit a cable stitch?
What is the plot of Macbeth?
How hot is the surface of the sun?
What breed of dog is the fastest runner?
Which island did Napoleon die on?
How do I change a bicycle inner tube?
What wine goes with grilled salmon?
How far is Neptune from Earth?
What is the tuning of a ukulele?
Who is the patron saint of Ireland?
How does a nuclear submarine make oxygen?
What are the ingredients of hollandaise?
When do cherry trees blossom in Kyoto?
Which chess opening starts with e4 c5?
How do I treat a jellyfish sting?
What is the meaning of the word sonder?
How are pearls made by oysters?
What is the speed of sound in water?
Who composed the Brandenburg Concertos?
Which muscles does rowing train?
What is the lifespan of a mayfly?
How do I grow basil indoors?
What did Gutenberg invent?
How many islands are in the Philippines?
What is a good stretching routine for hamstrings?
How do glaciers carve valleys?
Which spices are in garam masala?
What was the first feature film with sound?
How do I clean a cast iron skillet?
What makes leaves turn red in autumn?
Who was the pharaoh when the Great Pyramid was built?
How long should I boil quinoa?
What is the national dish of Peru?
How do whales sleep?
Which mushrooms are poisonous in Europe?
What is the origin of the marathon distance?
How do I get rid of aphids on tomatoes?
What is the wingspan of an albatross?
Who wrote the Art of Fugue?
How is porcelain fired?
What is the highest waterfall?
When were the first Olympic games held?
How do I fold a fitted sheet?
What is the chemical formula of table salt?
Which desert is the driest?
How do hummingbirds hover?
What is the shelf life of canned beans?
How do I propagate a succulent from a leaf?
What were the causes of the Thirty Years War?
`
  .trim()
  .split('\n')
