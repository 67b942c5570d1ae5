// Words for RandomPet: adverb, adjective, animal.
const list = (words: string): string[] => words.trim().split(/\s+/);

export const adverbs = list(`
    abnormally amazingly boldly brightly calmly cheerfully clearly commonly daily deeply duly early easily equally evenly fairly
    firmly freely frankly gently gladly gratefully happily heartily highly honestly humbly ideally jointly kindly largely likely
    lively locally loudly luckily mainly mostly neatly newly nicely openly partly plainly politely presently privately promptly
    properly publicly quickly quietly rapidly rarely readily really rightly safely sharply simply smoothly softly steadily strongly
    suddenly surely swiftly truly usefully vaguely warmly wholly widely willingly wisely
`);

export const adjectives = list(`
    able active adapted alert alive amazing ample apt balanced bold brave brief bright busy calm capable careful casual central
    certain champion charmed cheerful chief civil classic clean clear clever close composed concise content cool correct cosmic
    crisp cuddly curious dashing deciding deep definite direct diverse driven eager easy electric elegant eminent endless engaged
    enough epic equal ethical evident exact excited expert fair famous fancy fast finer firm fleet fond free fresh frank fun full
    game generous gentle genuine glad golden good grand grateful great grown guiding handy happy healthy helpful hip holy honest
    hopeful huge humble ideal immense improved inspired intense intent joint just keen key kind known large lasting leading learning
    legal light logical loved loyal lucky magical major massive mature mighty model modern modest moral musical native natural neat
    nearby new next nice noble normal noted novel open optimal organic picked pleasant polite popular positive possible precious
    precise premium prepared present pretty prime pro proper proud proven pure quality quick quiet rapid rare rational ready real
    refined regular relaxed relevant rested rich right robust romantic sacred safe saved secure select sensible sharp simple sincere
    smart smiling smooth social solid sound special splendid stable star steady still stirred strong stunning subtle suited sunny
    super superb supreme sure sweet talented teaching tender thorough tidy top tough trusted trusty unbiased unified unique united
    upright useful valid valued vast verified viable vital vocal warm wealthy welcome whole willing winning wise witty wondrous worthy
`);

export const animals = list(`
    aardvark akita albacore alien alpaca amoeba anchovy ant anteater antelope ape aphid arachnid asp baboon badger barnacle basilisk
    bass bat bear beagle bedbug bee beetle bengal bird bison blowfish bluebird bluegill bluejay boar bobcat bonefish boxer bream buck
    buffalo bull bulldog bullfrog bunny burro buzzard caiman calf camel cardinal caribou cat catfish cattle chamois cheetah chicken
    chigger chimp chipmunk cicada civet clam cobra cockatoo cod collie colt condor coral corgi cougar cow cowbird coyote crab crane
    crappie crawdad crayfish cricket crow cub dane dassie deer dingo dinosaur doberman dodo doe dog dogfish dolphin donkey dory dove
    dragon drake drum duck duckling eagle earwig eel eft egret elephant elf elk emu escargot ewe falcon fawn feline ferret filly finch
    firefly fish flamingo flea flounder fly foal fowl fox foxhound frog gannet gar garfish gator gazelle gecko gelding ghost ghoul
    gibbon giraffe glider glowworm gnat gnu goat gobbler goldfish goose gopher gorilla goshawk grackle griffon grizzly grouper grouse
    grub grubworm guinea gull guppy haddock hagfish halibut hamster hare hawk hedgehog hen hermit heron herring hog honeybee hookworm
    hornet horse hound humpback husky hyena ibex iguana impala insect jackal jackass jaguar javelin jawfish jay jaybird jennet joey
    kangaroo katydid kid killdeer kingfish kit kite kitten kiwi koala kodiak koi krill lab labrador lacewing ladybird ladybug lamb
    lamprey lark leech lemming lemur leopard liger lion lioness lionfish lizard llama lobster locust longhorn loon louse lynx macaque
    macaw mackerel maggot magpie mako malamute mallard mammal mammoth man manatee mantis mantid marlin marmoset marmot marten martin
    mastiff mastodon mayfly meerkat midge minnow mink minotaur mite mole mollusk molly monarch mongoose mongrel monitor monkey monkfish
    monster moose moray mosquito moth mouse mudfish mule mullet muskox muskrat mustang mutt narwhal newt octopus opossum orca oriole
    oryx osprey ostrich owl ox oyster panda pangolin panther parakeet parrot peacock pegasus pelican penguin perch pheasant phoenix pig
    pigeon piglet pika piranha platypus polecat polliwog pony poodle porpoise possum prawn primate pug puma pup python quagga quail
    quetzal rabbit raccoon ram raptor rat rattler raven ray redbird redfish reindeer reptile rhino roughy roan robin rodent rooster
    sailfish salmon satyr sawfish sawfly scorpion sculpin seahorse seal seasnail serval shad shark sheep sheepdog shepherd shiner
    shrew shrimp silkworm skink skunk skylark sloth slug snail snake snapper snipe sole spaniel sparrow spider sponge squid squirrel
    stag stallion starfish starling stingray stinkbug stork stud sturgeon sunbeam sunbird sunfish swan swift swine tadpole tahr tapir
    tarpon teal termite terrapin terrier tetra thrush tick tiger titmouse toad tomcat tortoise toucan treefrog troll trout tuna turkey
    turtle unicorn urchin vervet viper vulture wahoo wallaby walleye walrus warthog wasp weasel weevil werewolf whale whippet wildcat
    wolf wombat woodcock worm wren yak yeti zebra
`);
